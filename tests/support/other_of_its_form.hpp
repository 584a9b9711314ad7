#pragma once

#include "splitter/sql/statement_form.hpp"

#include <string>
#include <string_view>

namespace weir::support {

/// A text that differs from `text` in all its plain literals, which look like what they are not;
/// empty: the text has no form.
[[nodiscard]] inline std::string other_of_its_form(
    std::string_view text, const splitter::lexer_options& options
) {
    using splitter::statement_form;
    const statement_form form({text, options, {}});
    std::string other;
    for (const char c : form.marked_text()) {
        switch (c) {
            case statement_form::whole_number: other += "00"; break;
            case statement_form::broken_number: other += "3."; break;
            case statement_form::any_string: other += "'; -- /* @x INTO \"`'"; break;
            default: other += c;
        }
    }
    return other;
}

}  // namespace weir::support
