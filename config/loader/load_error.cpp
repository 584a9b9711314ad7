#include "config/loader/load_error.hpp"

#include <cstddef>

namespace weir::config {

namespace {

constexpr std::size_t longest_quote = 60;

/// Length of the longest prefix of at most `longest_quote` bytes that does not cut a UTF-8
/// character.
std::size_t quoted_length(std::string_view text) {
    if (text.size() <= longest_quote) return text.size();
    std::size_t length = longest_quote;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    return length;
}

}  // namespace

std::string load_error::to_string() const {
    std::string text = file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
    if (!key.empty()) text += key + ": ";
    return text + message;
}

std::string in_quotes(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t length = quoted_length(text);
    std::string result = "\"";
    for (const char character : text.substr(0, length)) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20U || byte == 0x7FU) {
            result += "\\x";
            result += digits[byte >> 4U];
            result += digits[byte & 0xFU];
            continue;
        }
        if (character == '"' || character == '\\') result += '\\';
        result += character;
    }
    if (length < text.size()) result += "...";
    return result + "\"";
}

}  // namespace weir::config
