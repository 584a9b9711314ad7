#include "splitter/relay/parameter_reading.hpp"

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <utility>

namespace weir::splitter {

using protocol::mysql::stmt_execute;
using protocol::wire::bytes_view;

namespace {

/// The values' types, in the order of the statement's parameters; false: it makes no sense.
bool read_values(
    const prepared_statement& statement,
    const stmt_execute& execute,
    bool has_names,
    parameter_classes& values
) {
    constexpr std::uint16_t unsigned_bit = 0x8000;
    protocol::wire::byte_reader types(
        execute.new_params_bound ? execute.types
                                 : bytes_view(std::span<const std::byte>(statement.types))
    );
    for (std::size_t i = 0; i < statement.parameters; ++i) {
        const std::uint16_t type = types.u16();
        if (has_names) (void)types.lenenc_bytes();
        const auto nulls = static_cast<unsigned>(execute.null_bitmap[i / 8]);
        const bool is_null = (nulls >> (i % 8) & 1U) != 0;
        values.push_back(
            is_null ? parameter_class::null
                    : class_of(static_cast<std::uint8_t>(type), (type & unsigned_bit) != 0)
        );
    }
    return !types.failed();
}

}  // namespace

result<parameter_class> class_of_definition(
    bytes_view payload, protocol::mysql::capability_set server
) {
    constexpr std::uint16_t unsigned_flag = 32;
    const auto message = protocol::mysql::column_definition::decode(payload, server);
    if (!message) return message.error();
    return class_of(message->type, (message->flags & unsigned_flag) != 0);
}

namespace {

/// The run has it prepared anew, on one server.
void note_renewal(
    parameter_binding& binding, const shared_statement& what, const session& session
) {
    binding.taken_as = taken_after(binding.taken_as, what.derived(), binding.values);
    binding.under = what.renewed_under(session.state);
    binding.is_under_now = true;
    binding.seen = session.state.mark().version;
}

void note_what_is_set(
    parameter_binding& binding, const shared_statement& what, const session& session
) {
    const std::uint64_t now = session.state.mark().version;
    if (std::exchange(binding.seen, now) == now) return;
    binding.is_under_now = what.renewed_under(session.state) == binding.under;
}

}  // namespace

void note_binding(prepared_statement& statement, bytes_view payload, const session& session) {
    parameter_binding& binding = statement.binding;
    constexpr std::size_t flags_at = 5;
    const auto read_from = std::span<const std::byte>(binding.read_from);
    note_what_is_set(binding, *statement.shared.get(), session);
    const bool is_as_before = !read_from.empty() && payload.size() >= flags_at + read_from.size() &&
                              payload.subspan(flags_at, read_from.size()) == bytes_view(read_from);
    if (is_as_before) return;
    binding.read_from.clear();
    binding.values.clear();
    binding.as_new.clear();
    const parameter_classes& derived = statement.shared.get()->derived();
    if (derived.empty() || derived.size() != statement.parameters) return;
    const auto execute = stmt_execute::decode(payload, session.capabilities, statement.parameters);
    if (!execute || execute->parameter_count < statement.parameters) return;
    const bool has_names = session.capabilities.has(protocol::mysql::capability::query_attributes);
    if (!read_values(statement, *execute, has_names, binding.values)) return binding.values.clear();
    if (binding.taken_as.size() != derived.size()) binding.taken_as = derived;
    if (!takes_all(binding.taken_as, binding.values))
        note_renewal(binding, *statement.shared.get(), session);
    if (!are_taken_so_after(derived, derived, binding.values, binding.taken_as))
        binding.as_new = taken_after(derived, derived, binding.values);
    const auto shape =
        payload.subspan(flags_at, payload.size() - flags_at - execute->values.size());
    binding.read_from.assign(shape.begin(), shape.end());
}

}  // namespace weir::splitter
