#pragma once

#include "splitter/session/pin.hpp"
#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// One thing that a statement makes on its connection, or takes away.
struct pin_effect {
    enum class kind : std::uint8_t {
        add,
        add_once,  ///< nothing new if it is there
        remove,
        remove_all,
    };
    kind what = kind::add;
    pin_cause cause = pin_cause::not_understood;
    std::string name{};            ///< temporary tables: schema.table
    bool undone_by_error = false;  ///< add: nothing was made if the statement failed
    friend bool operator==(const pin_effect&, const pin_effect&) = default;
};

/// What the statements of a text make and take away. `schema`: the current one. A text that pins
/// for a reason which is not found here has the effect `not_understood`, which only a reset takes
/// away. Of several statements in one text, what they take away is not believed: some may fail.
[[nodiscard]] std::vector<pin_effect> effects_on_pins(
    std::string_view text, std::string_view schema, const lexer_options& options
);

/// Before a statement is sent: what it may make.
void apply_before(const std::vector<pin_effect>& effects, std::string_view statement, pins& held);

/// Once it has been answered.
void apply_after(const std::vector<pin_effect>& effects, bool failed, pins& held);

}  // namespace weir::splitter
