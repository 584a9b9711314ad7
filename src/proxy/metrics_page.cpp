#include "src/proxy/metrics_page.hpp"

#include "src/runtime/metrics_text.hpp"

#include <map>
#include <string>

namespace weir::proxy {

using replication_monitor::server_role;
using replication_monitor::server_state;
using runtime::metrics_text;

namespace {

using all_workers = std::span<const std::unique_ptr<worker_metrics>>;

std::string_view name_of(server_role role) {
    switch (role) {
        case server_role::unknown: return "unknown";
        case server_role::primary: return "primary";
        case server_role::replica: return "replica";
        case server_role::detached: return "detached";
    }
    return "unknown";
}

template <class Value, class Member>
Value sum(all_workers workers, Member member) {
    Value total{};
    for (const auto& worker : workers) {
        total += ((*worker).*member).value();
    }
    return total;
}

template <class Value, class Member>
Value sum_of_server(all_workers workers, const server_state& server, Member member) {
    Value total{};
    for (const auto& worker : workers) {
        if (const auto* const metrics = worker->find(server.id))
            total += (metrics->*member).value();
    }
    return total;
}

void append_sessions(metrics_text& page, all_workers workers) {
    page.gauge_family("weir_sessions", "Sessions that are logged in, by worker.");
    for (std::size_t i = 0; i < workers.size(); ++i) {
        page.sample(workers[i]->sessions.value(), {{"worker", std::to_string(i)}});
    }
    page.counter_family("weir_logins_total", "Logins that went well.");
    page.sample(sum<std::uint64_t>(workers, &worker_metrics::logins));
    page.counter_family(
        "weir_failed_logins_total",
        "Logins that did not: refused by a server, given up, broken off."
    );
    page.sample(sum<std::uint64_t>(workers, &worker_metrics::failed_logins));
    page.counter_family("weir_refused_clients_total", "Connections refused above limits.clients.");
    page.sample(sum<std::uint64_t>(workers, &worker_metrics::refused_clients));
    page.gauge_family(
        "weir_waiting_sessions",
        "Sessions whose statement waits for a server or for a connection, by worker."
    );
    for (std::size_t i = 0; i < workers.size(); ++i)
        page.sample(workers[i]->waiting.value(), {{"worker", std::to_string(i)}});
}

void append_commit_outcomes(metrics_text& page, all_workers workers) {
    page.counter_family(
        "weir_lost_commits_total",
        "Commits whose answer was lost with its connection and whose server was asked, by what "
        "was found out."
    );
    for (std::size_t i = 0; i < commit_outcome_names.size(); ++i) {
        std::uint64_t total = 0;
        for (const auto& worker : workers)
            total += worker->commit_outcomes[i].value();
        page.sample(total, {{"outcome", commit_outcome_names[i]}});
    }
}

void append_servers(metrics_text& page, const replication_monitor::topology& topology) {
    page.gauge_family("weir_server_up", "1: the monitor reaches the server.");
    for (const auto& server : topology.servers) {
        page.sample(
            std::int64_t{server.reachable},
            {{"server", server.name}, {"role", name_of(server.role)}}
        );
    }
    page.gauge_family(
        "weir_server_lag_seconds", "How far a replica is behind; absent where that is not known."
    );
    for (const auto& server : topology.servers) {
        if (!server.lag || server.role != server_role::replica) continue;
        page.sample(std::chrono::duration<double>(*server.lag).count(), {{"server", server.name}});
    }
    page.gauge_family(
        "weir_several_primaries",
        "1: more than one server is writable; none gets writes unless that is allowed."
    );
    page.sample(std::int64_t{topology.several_primaries});
}

void append_connections(
    metrics_text& page, all_workers workers, const replication_monitor::topology& topology
) {
    const auto gauges = [&](std::string_view name, std::string_view help, auto member) {
        page.gauge_family(name, help);
        for (const auto& server : topology.servers) {
            page.sample(
                sum_of_server<std::int64_t>(workers, server, member), {{"server", server.name}}
            );
        }
    };
    const auto counters = [&](std::string_view name, std::string_view help, auto member) {
        page.counter_family(name, help);
        for (const auto& server : topology.servers) {
            page.sample(
                sum_of_server<std::uint64_t>(workers, server, member), {{"server", server.name}}
            );
        }
    };
    gauges(
        "weir_backend_connections", "Open connections to the server.", &server_metrics::connections
    );
    gauges(
        "weir_backend_in_use",
        "Connections that a statement, transaction or pin holds.",
        &server_metrics::in_flight
    );
    counters(
        "weir_backend_connects_total",
        "Logins at the server that went well.",
        &server_metrics::connects
    );
    counters(
        "weir_backend_connect_failures_total",
        "Connects or logins that failed.",
        &server_metrics::connect_failures
    );
    counters(
        "weir_backend_broken_total",
        "Connections that broke under a statement.",
        &server_metrics::broken
    );
    counters(
        "weir_backend_limit_reached_total",
        "Statements and logins that limits.backends_per_server denied a connection at once.",
        &server_metrics::limit_reached
    );
}

runtime::histogram_snapshot latency_of(
    all_workers workers, const server_state& server, bool primary, std::size_t kind
) {
    runtime::histogram_snapshot all;
    for (const auto& worker : workers) {
        if (const auto* const metrics = worker->find(server.id))
            all.merge(metrics->latency[primary ? 1 : 0][kind].snapshot());
    }
    return all;
}

void append_statements(
    metrics_text& page, all_workers workers, const replication_monitor::topology& topology
) {
    page.histogram_family(
        "weir_statement_seconds",
        "From a command's first byte to a server to its answer's last byte to the client."
    );
    for (const auto& server : topology.servers) {
        for (const bool primary : {false, true}) {
            for (std::size_t kind = 0; kind < command_class_names.size(); ++kind) {
                const auto all = latency_of(workers, server, primary, kind);
                if (all.total() == 0) continue;
                page.sample(
                    all,
                    {{"server", server.name},
                     {"role", primary ? "primary" : "replica"},
                     {"command", command_class_names[kind]}}
                );
            }
        }
    }
}

void append_pins(metrics_text& page, all_workers workers) {
    const auto each_cause = [&](auto sample) {
        for (std::size_t cause = 0; cause < splitter::pin_causes; ++cause) {
            const auto name = splitter::name_of(static_cast<splitter::pin_cause>(cause));
            sample(cause, name);
        }
    };
    page.counter_family(
        "weir_pin_seconds_total",
        "For how long sessions had to stay on their connection, by cause; one with several causes "
        "counts for each."
    );
    each_cause([&](std::size_t cause, std::string_view name) {
        std::uint64_t microseconds = 0;
        for (const auto& worker : workers)
            microseconds += worker->pins.causes[cause].microseconds.value();
        constexpr double in_a_second = 1e6;
        page.sample(static_cast<double>(microseconds) / in_a_second, {{"cause", name}});
    });
    page.gauge_family("weir_pinned_sessions", "Sessions that are pinned now, by cause.");
    each_cause([&](std::size_t cause, std::string_view name) {
        std::int64_t sessions = 0;
        for (const auto& worker : workers)
            sessions += worker->pins.causes[cause].sessions.value();
        page.sample(sessions, {{"cause", name}});
    });
}

/// By name: in the middle of a reload workers may have different rules.
std::map<std::string, splitter::rule_hits::count> count_rules(all_workers workers) {
    std::map<std::string, splitter::rule_hits::count> all;
    for (const auto& worker : workers) {
        const auto hits = worker->rule_hits.load();
        if (hits == nullptr) continue;
        const auto& rules = hits->rules().rules();
        for (std::size_t index = 0; index < rules.size(); ++index) {
            auto& sum = all[rules[index].name];
            const auto counted = hits->of(index);
            sum.applied += counted.applied;
            sum.timed_out += counted.timed_out;
        }
    }
    return all;
}

void append_rules(metrics_text& page, all_workers workers) {
    const auto all = count_rules(workers);
    page.counter_family(
        "weir_rule_hits_total", "Statements to which a rule applied, since it was read."
    );
    for (const auto& [name, counted] : all)
        page.sample(counted.applied, {{"rule", name}});
    page.counter_family(
        "weir_rule_timeouts_total", "Statements that ran longer than the rule allows."
    );
    for (const auto& [name, counted] : all)
        page.sample(counted.timed_out, {{"rule", name}});
}

void append_mirror(metrics_text& page, all_workers workers) {
    const auto counted = [&](std::string_view name, std::string_view help, auto member) {
        std::uint64_t total = 0;
        for (const auto& worker : workers)
            total += (worker->mirror.*member).value();
        page.counter_family(name, help);
        page.sample(total);
    };
    counted(
        "weir_mirrored_total",
        "Reads that a second server answered too, as a rule says.",
        &mirror_metrics::sent
    );
    counted(
        "weir_mirror_dropped_total",
        "Reads that were not mirrored: too many were waiting.",
        &mirror_metrics::dropped
    );
    counted(
        "weir_mirror_failed_total",
        "Reads that were not mirrored: the server cannot be reached, or the connection broke.",
        &mirror_metrics::failed
    );
    counted(
        "weir_mirror_compared_total",
        "Mirrored reads both answers of which were compared.",
        &mirror_metrics::compared
    );
    counted(
        "weir_mirror_different_total",
        "Those whose rows or errors were not the same.",
        &mirror_metrics::different
    );
}

void append_digests(metrics_text& page, all_workers workers) {
    page.gauge_family("weir_digests", "Entries of the statistics by statement, by worker.");
    for (std::size_t i = 0; i < workers.size(); ++i) {
        page.sample(workers[i]->digests.size(), {{"worker", std::to_string(i)}});
    }
    std::uint64_t evictions = 0;
    std::uint64_t others = 0;
    for (const auto& worker : workers) {
        evictions += worker->digests.evictions();
        others += worker->digests.others().count();
    }
    page.counter_family(
        "weir_digest_evictions_total", "Entries that gave way to others, above limits.digests."
    );
    page.sample(evictions);
    page.counter_family(
        "weir_digest_others_total", "Statements that are counted without an entry of their own."
    );
    page.sample(others);
}

}  // namespace

std::string compose_metrics(all_workers workers, const replication_monitor::topology& topology) {
    metrics_text page;
    append_sessions(page, workers);
    append_commit_outcomes(page, workers);
    append_servers(page, topology);
    append_connections(page, workers, topology);
    append_statements(page, workers, topology);
    append_pins(page, workers);
    append_rules(page, workers);
    append_mirror(page, workers);
    append_digests(page, workers);
    return std::move(page).take();
}

}  // namespace weir::proxy
