#include "splitter/relay/pins_answer.hpp"

#include "splitter/session/holds.hpp"

namespace weir::splitter {

local_result pin_columns() {
    using type = local_result::column_type;
    constexpr std::uint32_t name_length = 256;
    constexpr std::uint32_t text_length = 2048;
    constexpr std::uint32_t number_length = 21;
    local_result result;
    result.columns = {
        {"cause", type::text, name_length},
        {"name", type::text, name_length},
        {"times", type::wide_integer, number_length},
        {"statement", type::text, text_length}};
    return result;
}

local_result pins_of(const session& session) {
    local_result result = pin_columns();
    for (hold& one : holds_of(session)) {
        result.rows.push_back(
            {std::move(one.cause),
             std::move(one.name),
             std::int64_t{one.times},
             std::move(one.statement)}
        );
    }
    return result;
}

}  // namespace weir::splitter
