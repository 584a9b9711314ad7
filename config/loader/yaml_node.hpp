#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// A place in a YAML text, both numbers from 1.
struct yaml_position {
    int line = 1;
    int column = 1;
    friend auto operator<=>(const yaml_position&, const yaml_position&) = default;
};

/// One value of a YAML text with its place. A plain tree that owns its texts: no type of the YAML
/// library shows here, and aliases are already replaced by what they stand for.
struct yaml_node {
    enum class kind : std::uint8_t { null, scalar, sequence, mapping };

    kind what = kind::null;
    yaml_position where;              ///< of an absent value: its key, or the list it is in
    std::string text;                 ///< scalar only; may be a secret
    std::string key;                  ///< the key of a mapping's child
    yaml_position key_where;          ///< a mapping's child only
    std::vector<yaml_node> children;  ///< in the order of the text; a mapping may hold a key twice
};

/// `a list`, as used in messages.
[[nodiscard]] std::string_view noun_of(yaml_node::kind what) noexcept;

struct yaml_problem {
    yaml_position where;
    std::string message;  ///< holds no part of the text
};

/// The outcome of reading a text. `root` is null if there are problems.
struct yaml_document {
    yaml_node root;
    std::vector<yaml_problem> problems;
};

/// Reads a text that holds one document. Refused are what a configuration has no use for and a
/// reader could trip over: tags, keys that are not text, control characters, trees deeper than 16
/// or of more than 100,000 values (aliases counted as often as they are used). Never throws on
/// account of the text.
[[nodiscard]] yaml_document parse_yaml(std::string_view text);

}  // namespace weir::config
