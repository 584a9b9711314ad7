#include "protocol/mysql/messages/session_track.hpp"

#include "protocol/mysql/length_encoded.hpp"

namespace weir::protocol::mysql {

result<std::optional<session_track_entry>> session_track_reader::next() {
    if (variables_.remaining() != 0) return next_variable();
    if (reader_.failed()) return reader_.error();
    if (reader_.remaining() == 0) return std::optional<session_track_entry>{};
    session_track_entry entry;
    entry.type = static_cast<session_track_type>(reader_.u8());
    entry.data = reader_.lenenc_bytes();
    if (reader_.failed()) return reader_.error();
    wire::byte_reader data(entry.data);
    switch (entry.type) {
        case session_track_type::system_variables: variables_ = data; return next_variable();
        case session_track_type::gtids:
            data.skip(1);  // the specification's number, always 0
            entry.value = data.lenenc_text();
            break;
        // Servers write this one without a length of its own, whatever their manuals say.
        case session_track_type::state_change: entry.value = wire::as_text(data.rest()); break;
        case session_track_type::schema:
        case session_track_type::transaction_characteristics:
        case session_track_type::transaction_state: entry.value = data.lenenc_text(); break;
    }
    if (data.failed()) {
        reader_.fail(wire::errc::value_out_of_range);
        return data.error();
    }
    return std::optional(entry);
}

result<std::optional<session_track_entry>> session_track_reader::next_variable() {
    session_track_entry entry;
    entry.type = session_track_type::system_variables;
    entry.name = variables_.lenenc_text();
    entry.value = variables_.lenenc_text();
    if (variables_.failed()) {
        reader_.fail(wire::errc::value_out_of_range);
        return variables_.error();
    }
    return std::optional(entry);
}

void append_session_track(wire::byte_writer& writer, const session_track_entry& entry) {
    writer.u8(static_cast<std::uint8_t>(entry.type));
    if (entry.type != session_track_type::system_variables) return writer.lenenc_bytes(entry.data);
    const std::size_t name_size = lenenc_size(entry.name.size()) + entry.name.size();
    const std::size_t value_size = lenenc_size(entry.value.size()) + entry.value.size();
    writer.lenenc(name_size + value_size);
    writer.lenenc_text(entry.name);
    writer.lenenc_text(entry.value);
}

}  // namespace weir::protocol::mysql
