#pragma once

#include <string>
#include <string_view>

namespace weir::config {

/// One thing that is wrong with a configuration, worded for its author: what is wrong; what would
/// be right. Never holds a secret.
struct load_error {
    std::string file;
    int line = 1;    ///< from 1
    int column = 1;  ///< from 1
    std::string
        key;  ///< `routing.max_lag`, `servers[0].weight` (from 0); empty: the file as a whole
    std::string message;

    /// `file:line:column: key: message`, without the key if that is empty.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const load_error&, const load_error&) = default;
};

/// `text` in double quotes for use in a message: control characters and quotes escaped, cut after
/// 60 bytes.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace weir::config
