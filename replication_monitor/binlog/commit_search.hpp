#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "protocol/wire/result.hpp"
#include "replication_monitor/binlog/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace weir::replication_monitor::binlog {

/// The commit that is looked for, and what is known of the connection that asked for it.
struct wanted_commit {
    std::uint32_t server_id = 0;  ///< the server's own
    std::uint32_t thread_id = 0;  ///< the server's id of the connection
    /// The server had executed these at some time in the connection's life, before the commit was
    /// asked for. The events that are read begin behind them.
    protocol::mysql::gtid_set from;
    /// The newest transaction of the connection that is known to be an earlier one; empty: none.
    protocol::mysql::gtid_set earlier;
    /// The connection may have written others after that one, which were not named.
    bool may_have_others = false;
    /// The server was started anew since the connection was lost, at this time by its own clock;
    /// nothing: it was not.
    std::optional<std::uint32_t> restarted_at;
};

struct commit_verdict {
    enum class kind : std::uint8_t { committed, not_committed, unknown };
    kind what = kind::unknown;
    std::string gtid{};  ///< committed: "uuid:number"
    friend bool operator==(const commit_verdict&, const commit_verdict&) = default;
};

/// Looks for a connection's last commit among the events of its server's binary log, and judges
/// when the log's end has been read. The connection must be gone by then. MySQL writes the id of
/// the connection into the BEGIN event behind each GTID event.
///
/// Ids begin anew with each start of the server. A start shows in the log where a file ends without
/// a rotate event: what a crashed server wrote last, and what one that was shut down ended with a
/// stop event. Only what stands before that counts as the connection's.
///
/// What cannot be told apart is unknown: a transaction that is compressed as a whole, or two of the
/// same connection.
class commit_search {
public:
    explicit commit_search(wanted_commit wanted) : wanted_(std::move(wanted)) {}

    /// The next event. Errors: as the events' decoders.
    [[nodiscard]] error_code on_event(const event& next);

    /// The log's end has been read.
    [[nodiscard]] commit_verdict judge() const;

private:
    struct transaction {
        std::string gtid;  ///< empty: it could not be read
        std::uint32_t timestamp = 0;
    };

    void on_rotate(const event_header& header, bool was_rotated);
    void on_writer(std::optional<std::uint32_t> thread_id, std::uint32_t server_id);
    [[nodiscard]] bool is_earlier(const transaction& one) const;
    [[nodiscard]] bool is_of_the_connection(const transaction& one) const;

    wanted_commit wanted_;
    std::optional<transaction> begun_;  ///< its writer is not known yet
    std::optional<transaction> found_;  ///< the connection's, behind the earlier one
    std::size_t found_count_ = 0;
    std::size_t unreadable_ = 0;  ///< transactions whose writer cannot be told, likewise
    std::size_t files_ = 0;
    bool rotated_ = false;        ///< the last event told of the next file
    bool started_anew_ = false;   ///< the server, at the last file
    bool begins_before_ = false;  ///< the first file holds some of what was executed before
    bool met_earlier_ = false;
    bool found_after_start_ = false;
    bool has_anonymous_ = false;
};

}  // namespace weir::replication_monitor::binlog
