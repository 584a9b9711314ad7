#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace weir::runtime {

class logger;
class worker;

/// What a worker runs: created in the worker's thread, called there only, destroyed there.
class worker_content {
public:
    worker_content() = default;
    worker_content(const worker_content&) = delete;
    worker_content& operator=(const worker_content&) = delete;
    virtual ~worker_content() = default;

    /// Take no new work and let go of every pending operation as the work under way ends; the
    /// worker's thread ends with the last one.
    virtual void drain() = 0;

    /// Close everything now. Handlers of what was pending still run, and the thread ends with the
    /// last one.
    virtual void stop() = 0;
};

using worker_content_factory = std::function<std::unique_ptr<worker_content>(worker&)>;

struct worker_settings {
    std::uint8_t index = 0;        ///< 0..254
    std::optional<unsigned> core;  ///< bind the thread to this core
};

/// One thread, one io_context, and what it owns. The loop ends when nothing is pending any more,
/// never in the middle, so no handler outlives the content that it refers to. Handlers must not
/// throw: an exception that reaches the worker is logged and ends the process. Threads:
/// constructor, `start`, `join` and destructor belong to the thread that supervises; `post`,
/// `drain` and `stop` may be called by any.
class worker {
public:
    worker(worker_settings settings, worker_content_factory factory, logger& log);
    /// Stops and joins if that was not done.
    // NOLINTNEXTLINE(bugprone-exception-escape): no memory to post the request ends the process.
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void start();

    /// Runs `action` in the worker's thread; never before the content exists. Dropped, not run,
    /// once the thread has ended.
    template <class Action>
    void post(Action&& action) {
        boost::asio::post(context_, std::forward<Action>(action));
    }

    /// Asks the content to drain; the thread ends when nothing is pending any more.
    void drain();
    /// Asks the content to stop.
    void stop();
    /// Returns when the thread has ended. A worker that was not started has nothing to join.
    void join();

    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

    [[nodiscard]] std::uint8_t index() const noexcept { return settings_.index; }

private:
    void run();
    void pin_to_core();
    void ask_content(void (worker_content::*request)());

    worker_settings settings_;
    worker_content_factory factory_;
    logger& log_;
    boost::asio::io_context context_;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
        keep_running_;
    std::unique_ptr<worker_content> content_;  ///< touched by the worker's thread only
    std::thread thread_;
};

}  // namespace weir::runtime
