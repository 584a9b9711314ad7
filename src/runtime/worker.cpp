#include "src/runtime/worker.hpp"

#include "protocol/wire/ensure.hpp"
#include "src/runtime/log.hpp"

#include <boost/asio/detail/concurrency_hint.hpp>

#include <pthread.h>
#include <sched.h>

#include <cstdlib>
#include <exception>
#include <string>
#include <system_error>

namespace weir::runtime {

// UNSAFE_IO: one thread runs the loop and touches its sockets, so the reactor needs no lock for a
// socket's operations. The scheduler and the registrations stay locked: other threads post, and the
// resolver completes from a thread of Asio's.
worker::worker(worker_settings settings, worker_content_factory factory, logger& log)
    : settings_(settings),
      factory_(std::move(factory)),
      log_(log),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      keep_running_(boost::asio::make_work_guard(context_)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): no memory to post the request ends the process.
worker::~worker() {
    stop();
    join();
}

void worker::start() {
    WEIR_ENSURE(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

void worker::drain() {
    ask_content(&worker_content::drain);
}

void worker::stop() {
    ask_content(&worker_content::stop);
}

void worker::ask_content(void (worker_content::*request)()) {
    post([this, request] {
        (content_.get()->*request)();
        keep_running_.reset();
    });
}

void worker::join() {
    if (thread_.joinable()) thread_.join();
}

void worker::run() {
    try {
        pin_to_core();
        content_ = factory_(*this);
        WEIR_ENSURE(content_ != nullptr);
        context_.run();
        content_.reset();
    } catch (const std::exception& exception) {
        // Nothing of ours throws on purpose, so the state of the sessions is unknown: going on
        // could mix their data.
        log_.error(
            "an exception reached the worker; the process ends",
            {{"worker", settings_.index}, {"reason", exception.what()}}
        );
        std::abort();
    }
}

void worker::pin_to_core() {
    const auto name = "worker " + std::to_string(settings_.index);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    if (!settings_.core) return;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(*settings_.core, &cores);
    const int failure = ::pthread_setaffinity_np(::pthread_self(), sizeof cores, &cores);
    if (failure == 0) return;
    log_.warning(
        "cannot bind the worker to its core; it runs on any",
        {{"worker", settings_.index},
         {"core", *settings_.core},
         {"reason", std::system_category().message(failure)}}
    );
}

}  // namespace weir::runtime
