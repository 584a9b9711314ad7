#pragma once

#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/monitor/monitor.hpp"
#include "src/proxy/configuration.hpp"
#include "src/proxy/proxy_context.hpp"
#include "src/proxy/proxy_worker.hpp"
#include "src/proxy/worker_metrics.hpp"
#include "src/runtime/admin_server.hpp"
#include "src/runtime/log.hpp"
#include "src/runtime/signals.hpp"
#include "src/runtime/worker_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weir::proxy {

/// The running program: wires monitor, workers, metrics and signals together, reloads, drains.
/// Thread: main's.
class proxy_program {
public:
    explicit proxy_program(std::string configuration_file);

    /// Runs until it is told to end. The exit code.
    [[nodiscard]] int run(const configuration& loaded);

private:
    [[nodiscard]] bool start(const configuration& loaded);
    [[nodiscard]] bool publish_tls(const config::proxy_settings& settings);
    [[nodiscard]] bool start_metrics(const config::proxy_settings& settings);
    [[nodiscard]] bool start_workers(const config::proxy_settings& settings);
    void start_monitor(const config::proxy_settings& settings);
    void on_signal(runtime::signal_request request);
    void reload();
    void drain();
    void on_published();
    void end_when_drained();
    [[nodiscard]] std::optional<std::string> unhealthy_reason() const;
    [[nodiscard]] std::optional<runtime::admin_page> digests_page(std::string_view query) const;

    std::string file_;
    runtime::logger log_;
    boost::asio::io_context io_{1};
    boost::asio::steady_timer drain_timer_{io_};
    std::optional<runtime::signals> signals_;
    std::unique_ptr<proxy_context> context_;
    std::vector<std::unique_ptr<worker_metrics>> metrics_;
    std::vector<proxy_worker*> workers_;  ///< filled by the workers' threads before start() goes on
    std::unique_ptr<runtime::worker_group> group_;
    std::unique_ptr<replication_monitor::monitor> monitor_;
    std::unique_ptr<runtime::admin_server> admin_;
    std::thread waiter_;  ///< for the workers' end, while signals are heard
    bool is_draining_ = false;
};

}  // namespace weir::proxy
