#include "replication_monitor/binlog/commit_search.hpp"

#include <utility>

namespace weir::replication_monitor::binlog {

using protocol::mysql::gtid_set;
using protocol::mysql::server_flavor;

error_code commit_search::on_event(const event& next) {
    const event_header& header = next.header;
    const bool says_nothing =
        header.type == event_type::heartbeat || header.type == event_type::heartbeat_v2;
    if (says_nothing) return {};
    const bool was_rotated = std::exchange(rotated_, false);
    switch (header.type) {
        case event_type::rotate: on_rotate(header, was_rotated); break;
        case event_type::previous_gtids: {
            // One with tags cannot be read, and says nothing then.
            const auto before = decode_previous_gtids(next.body);
            if (files_ <= 1 && before) begins_before_ = !before->contains(wanted_.from);
            break;
        }
        case event_type::gtid: {
            const auto number = gtid_event::decode(next.body);
            if (!number) return number.error();
            begun_ = transaction{number->text(), header.timestamp};
            break;
        }
        case event_type::gtid_tagged: begun_ = transaction{{}, header.timestamp}; break;
        case event_type::anonymous_gtid: has_anonymous_ = true; break;
        case event_type::query: {
            if (!begun_) break;
            const auto query = query_event::decode(next.body);
            if (!query) return query.error();
            on_writer(query->thread_id, header.server_id);
            break;
        }
        case event_type::stop:
        case event_type::format_description:
        case event_type::xid:
        case event_type::transaction_payload:
        case event_type::heartbeat:
        case event_type::heartbeat_v2:
        default: on_writer(std::nullopt, header.server_id); break;
    }
    return {};
}

void commit_search::on_rotate(const event_header& header, bool was_rotated) {
    rotated_ = (header.flags & event_header::artificial) == 0;
    if (rotated_) return;
    if (files_ > 0 && !was_rotated) started_anew_ = true;
    ++files_;
}

/// The event behind a transaction's number tells its writer, or does not.
void commit_search::on_writer(std::optional<std::uint32_t> thread_id, std::uint32_t server_id) {
    const auto begun = std::exchange(begun_, std::nullopt);
    if (!begun || server_id != wanted_.server_id) return;
    if (thread_id && *thread_id != wanted_.thread_id) return;
    if (is_earlier(*begun)) {
        // All of the connection's up to here are earlier ones.
        met_earlier_ = true;
        started_anew_ = false;
        found_.reset();
        found_count_ = 0;
        unreadable_ = 0;
        return;
    }
    if (!thread_id) {
        ++unreadable_;
        return;
    }
    found_ = *begun;
    ++found_count_;
    found_after_start_ = started_anew_;
}

bool commit_search::is_earlier(const transaction& one) const {
    if (one.gtid.empty() || wanted_.earlier.empty()) return false;
    const auto number = gtid_set::parse(one.gtid, server_flavor::mysql);
    return number && wanted_.earlier.contains(*number);
}

/// With a restart in between others may have had its id. What is known to be its own was written in
/// its lifetime, as was what stands where the server had come when the connection was new.
bool commit_search::is_of_the_connection(const transaction& one) const {
    if (!wanted_.restarted_at) return true;
    return (begins_before_ || met_earlier_) && !found_after_start_ &&
           one.timestamp <= *wanted_.restarted_at;
}

commit_verdict commit_search::judge() const {
    using kind = commit_verdict::kind;
    if (has_anonymous_ || begun_) return {};
    if (found_count_ == 0) return {unreadable_ == 0 ? kind::not_committed : kind::unknown, {}};
    const bool knows_earlier =
        wanted_.earlier.empty() || met_earlier_ || wanted_.from.contains(wanted_.earlier);
    const bool is_clear = found_count_ == 1 && !wanted_.may_have_others && knows_earlier;
    if (!is_clear || !is_of_the_connection(*found_)) return {};
    return {kind::committed, found_->gtid};
}

}  // namespace weir::replication_monitor::binlog
