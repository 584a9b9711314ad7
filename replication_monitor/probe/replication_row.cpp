#include "replication_monitor/probe/replication_row.hpp"

#include <charconv>
#include <initializer_list>
#include <string>

namespace weir::replication_monitor {
namespace {

/// Value of the first of `names` that the row has; nothing if it is NULL or there is none.
std::optional<std::string_view> find(
    std::span<const named_value> row, std::initializer_list<std::string_view> names
) {
    for (const auto name : names) {
        for (const auto& column : row) {
            if (column.name == name) return column.value;
        }
    }
    return std::nullopt;
}

std::string text_of(
    std::span<const named_value> row, std::initializer_list<std::string_view> names
) {
    return std::string{find(row, names).value_or("")};
}

template <class Number>
std::optional<Number> number_of(
    std::span<const named_value> row, std::initializer_list<std::string_view> names
) {
    const auto text = find(row, names);
    if (!text || text->empty()) return std::nullopt;
    Number number{};
    const auto* const end = text->data() + text->size();
    const auto [stopped_at, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc{} || stopped_at != end) return std::nullopt;
    return number;
}

receiver_state receiver_of(std::string_view text) {
    if (text == "Yes") return receiver_state::running;
    if (text == "Connecting" || text == "Preparing") return receiver_state::connecting;
    return receiver_state::stopped;
}

}  // namespace

std::optional<replication_channel> read_channel(std::span<const named_value> row) {
    replication_channel channel;
    channel.source_host = text_of(row, {"Source_Host", "Master_Host"});
    if (channel.source_host.empty() || channel.source_host == "<NULL>") return std::nullopt;
    channel.name = text_of(row, {"Channel_Name", "Connection_name"});
    channel.source_port = number_of<std::uint16_t>(row, {"Source_Port", "Master_Port"}).value_or(0);
    channel.source_uuid = text_of(row, {"Source_UUID", "Master_UUID"});
    channel.source_server_id =
        number_of<std::uint32_t>(row, {"Source_Server_Id", "Master_Server_Id"}).value_or(0);
    channel.receiver = receiver_of(text_of(row, {"Replica_IO_Running", "Slave_IO_Running"}));
    channel.applier_running = text_of(row, {"Replica_SQL_Running", "Slave_SQL_Running"}) == "Yes";
    channel.receiver_error = number_of<std::uint32_t>(row, {"Last_IO_Errno"}).value_or(0);
    channel.applier_error = number_of<std::uint32_t>(row, {"Last_SQL_Errno"}).value_or(0);
    const auto behind =
        number_of<std::uint32_t>(row, {"Seconds_Behind_Source", "Seconds_Behind_Master"});
    if (behind) channel.seconds_behind = std::chrono::seconds{*behind};
    return channel;
}

bool read_switch(std::string_view text) noexcept {
    return text != "0" && text != "OFF";
}

}  // namespace weir::replication_monitor
