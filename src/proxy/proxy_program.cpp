#include "src/proxy/proxy_program.hpp"

#include "config/loader/settings_diff.hpp"
#include "replication_monitor/probe/mysql_probe.hpp"
#include "src/proxy/digest_page.hpp"
#include "src/proxy/metrics_page.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <thread>

namespace weir::proxy {

using runtime::signal_request;

proxy_program::proxy_program(std::string configuration_file)
    : file_(std::move(configuration_file)) {}

int proxy_program::run(const configuration& loaded) {
    const auto& settings = loaded.outcome.settings;
    if (const auto failed = log_.configure(settings.log)) {
        log_.error(*failed);
        return EXIT_FAILURE;
    }
    if (!start(loaded)) {
        if (group_) group_->stop();
        if (group_) group_->join();
        if (monitor_) monitor_->stop();
        return EXIT_FAILURE;
    }
    signals_.emplace(io_, [this](signal_request request) { on_signal(request); });
    log_.info("ready", {{"workers", group_->size()}, {"servers", settings.servers.size()}});
    io_.run();
    if (waiter_.joinable()) waiter_.join();
    group_->join();
    admin_.reset();
    monitor_->stop();
    log_.info("ended");
    return EXIT_SUCCESS;
}

bool proxy_program::start(const configuration& loaded) {
    const auto& settings = loaded.outcome.settings;
    auto keys = protocol::mysql::auth::caching_sha2_password::rsa_key_pair::generate();
    if (!keys) {
        log_.error("cannot make an RSA key pair", {{"why", keys.error().message()}});
        return false;
    }
    context_ = std::make_unique<proxy_context>(log_, std::move(*keys));
    context_->settings.publish(std::make_shared<const config::proxy_settings>(settings));
    context_->rules.publish(loaded.rules);
    context_->topology.publish(std::make_shared<const replication_monitor::topology>());
    context_->accounts.publish(std::make_shared<const replication_monitor::account_list>());
    if (!publish_tls(settings)) return false;
    start_monitor(settings);
    return start_workers(settings) && start_metrics(settings);
}

bool proxy_program::publish_tls(const config::proxy_settings& settings) {
    tls_contexts contexts;
    if (settings.client_tls.mode != config::client_tls_mode::disabled) {
        const auto made = net::tls_context::for_clients(settings.client_tls);
        if (!made) {
            log_.error("TLS towards clients cannot be set up", {{"why", made.error().message}});
            return false;
        }
        contexts.clients = *made;
    }
    if (settings.server_tls.mode != config::server_tls_mode::disabled) {
        const auto made = net::tls_context::for_servers(settings.server_tls);
        if (!made) {
            log_.error("TLS towards servers cannot be set up", {{"why", made.error().message}});
            return false;
        }
        contexts.servers = *made;
    }
    context_->tls.publish(std::make_shared<const tls_contexts>(std::move(contexts)));
    return true;
}

void proxy_program::start_monitor(const config::proxy_settings& settings) {
    replication_monitor::monitor_callbacks callbacks;
    callbacks.on_topology = [this](auto topology) {
        context_->topology.publish(std::move(topology));
        on_published();
    };
    callbacks.on_accounts = [this](auto accounts) {
        context_->accounts.publish(std::move(accounts));
    };
    callbacks.on_definitions = [this](auto list, auto asked_at) {
        context_->definitions.on_read(std::move(list), asked_at);
    };
    callbacks.log = [this](config::log_level level, std::string_view line) {
        log_.log(level, line);
    };
    monitor_ = std::make_unique<replication_monitor::monitor>(
        replication_monitor::setup_of(settings),
        replication_monitor::make_mysql_probe,
        std::move(callbacks)
    );
    context_->request_accounts = [this] { monitor_->request_accounts(); };
    context_->definitions.set_enabled(settings.monitor.catalog_interval.count() > 0);
    context_->definitions.request_reading = [this] { monitor_->request_definitions(); };
}

bool proxy_program::start_workers(const config::proxy_settings& settings) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count =
        settings.workers == 0 ? std::min<std::size_t>(cores, 255) : settings.workers;
    for (std::size_t i = 0; i < count; ++i) {
        metrics_.push_back(std::make_unique<worker_metrics>(digest_table::limits{
            settings.limits.digests, static_cast<std::size_t>(settings.limits.digest_text)}));
    }
    workers_.assign(count, nullptr);
    context_->workers = count;
    const auto make_content = [this](runtime::worker& thread) {
        auto content = std::make_unique<proxy_worker>(thread, *context_, *metrics_[thread.index()]);
        workers_[thread.index()] = content.get();
        return content;
    };
    const auto pinning = settings.pin_workers ? runtime::worker_pinning::one_core_each
                                              : runtime::worker_pinning::none;
    group_ = std::make_unique<runtime::worker_group>(count, pinning, make_content, log_);
    context_->hand_over = [this, next = std::size_t{0}](net::accepted_socket socket) mutable {
        const std::size_t to = next++ % group_->size();
        auto shared =
            std::make_shared<net::accepted_socket>(std::move(socket));  // std::function copies
        group_->at(to).post([this, to, shared] { workers_[to]->adopt_socket(std::move(*shared)); });
    };
    context_->post_to_worker = [this](std::size_t to, std::function<void(proxy_worker&)> action) {
        if (to >= group_->size()) return false;
        group_->at(to).post([this, to, act = std::move(action)] { act(*workers_[to]); });
        return true;
    };
    context_->ask_for_place = [this](replication_monitor::server_id server) {
        for (std::size_t i = 0; i < workers_.size(); ++i) {
            group_->at(i).post([worker = workers_[i], server] { worker->on_place_wanted(server); });
        }
    };
    context_->budget.on_freed = [this] {
        for (std::size_t i = 0; i < workers_.size(); ++i) {
            group_->at(i).post([worker = workers_[i]] { worker->on_place_freed(); });
        }
    };
    group_->start();
    bool listening = true;
    for (std::size_t i = 0; i < count && listening; ++i) {
        std::promise<std::optional<std::string>> answer;
        auto answered = answer.get_future();
        group_->at(i).post([this, i, &answer] { answer.set_value(workers_[i]->listen()); });
        if (const auto failed = answered.get()) {
            log_.error(*failed);
            listening = false;
        }
    }
    // Only now: what the monitor publishes is announced to workers that are there.
    if (listening) monitor_->start();
    return listening;
}

bool proxy_program::start_metrics(const config::proxy_settings& settings) {
    if (!settings.metrics.enabled) return true;
    runtime::admin_handlers handlers;
    handlers.metrics = [this] { return compose_metrics(metrics_, *context_->topology.load()); };
    handlers.unhealthy_reason = [this] { return unhealthy_reason(); };
    const auto digests = [this](std::string_view query) { return digests_page(query); };
    handlers.further_paths.push_back({"/digests", digests});
    admin_ =
        std::make_unique<runtime::admin_server>(std::move(handlers), runtime::admin_limits{}, log_);
    if (const auto failed = admin_->start(settings.metrics.listen)) {
        log_.error(*failed);
        return false;
    }
    return true;
}

std::optional<runtime::admin_page> proxy_program::digests_page(std::string_view query) const {
    const auto request = parse_digest_request(query);
    if (!request) return std::nullopt;
    std::vector<const digest_table*> tables;
    for (const auto& worker : metrics_)
        tables.push_back(&worker->digests);
    const digest_report report = report_digests(tables, request->order, request->top);
    if (request->how == digest_request::format::text)
        return runtime::admin_page{runtime::admin_page::kind::text, digests_as_text(report)};
    return runtime::admin_page{
        runtime::admin_page::kind::json, digests_as_json(report, clock_pair::now())};
}

std::optional<std::string> proxy_program::unhealthy_reason() const {
    const auto topology = context_->topology.load();
    if (topology->primary) return std::nullopt;
    return topology->several_primaries ? "several primaries" : "no primary";
}

void proxy_program::on_published() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        group_->at(i).post([worker = workers_[i]] { worker->on_published(); });
    }
}

void proxy_program::on_signal(signal_request request) {
    switch (request) {
        case signal_request::reload: return reload();
        case signal_request::drain: return drain();
        case signal_request::stop: log_.warning("stopping at once"); return group_->stop();
    }
}

void proxy_program::reload() {
    const auto loaded = load_configuration(file_, rule_examples::left_out);
    const auto& outcome = loaded.outcome;
    if (!outcome.ok()) {
        for (const auto& error : outcome.errors) {
            log_.error("configuration not reloaded", {{"why", error.to_string()}});
        }
        return;
    }
    const auto before = context_->settings.load();
    auto settings = config::keep_until_restart(*before, outcome.settings);
    for (const auto& change : config::diff(*before, outcome.settings)) {
        if (change.needs_restart) {
            log_.warning(
                "setting needs a restart; the old value stays in force", {{"key", change.key}}
            );
        } else {
            log_.info("setting changed", {{"key", change.key}});
        }
    }
    // Certificates are read again even if no setting changed: that is how they are renewed.
    if (!publish_tls(settings)) return;
    if (const auto failed = log_.configure(settings.log)) log_.error(*failed);
    context_->definitions.set_enabled(settings.monitor.catalog_interval.count() > 0);
    monitor_->update(replication_monitor::setup_of(settings));
    // Rules that are as they were go on as they are, and their throttles with them.
    if (settings.rules != before->rules) context_->rules.publish(loaded.rules);
    context_->settings.publish(std::make_shared<const config::proxy_settings>(std::move(settings)));
    on_published();
    log_.info("configuration reloaded");
}

void proxy_program::drain() {
    is_draining_ = true;
    const auto limit = context_->settings.load()->timeouts.drain;
    log_.info(
        "draining: no new clients, sessions end with their statement or transaction",
        {{"sessions", context_->limits.sessions()}, {"timeout_ms", limit.count()}}
    );
    group_->drain();
    drain_timer_.expires_after(limit);
    drain_timer_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        log_.warning(
            "drain timeout: closing what is left", {{"sessions", context_->limits.sessions()}}
        );
        group_->stop();
    });
    end_when_drained();
}

/// The workers' threads end by themselves; another thread waits for them, so that signals are still
/// heard.
void proxy_program::end_when_drained() {
    if (waiter_.joinable()) return;
    waiter_ = std::thread([this] {
        group_->join();
        boost::asio::post(io_, [this] {
            drain_timer_.cancel();
            signals_->cancel();
        });
    });
}

}  // namespace weir::proxy
