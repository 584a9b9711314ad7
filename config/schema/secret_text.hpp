#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::config {

/// A password among settings: overwritten when it goes. Made of any text without a word; given out
/// only on request. Views are valid until it changes.
class secret_text {
public:
    secret_text() = default;

    // NOLINTNEXTLINE(google-explicit-constructor): settings are written as plain values.
    secret_text(std::string_view text) : bytes_(text.begin(), text.end()) {
        bytes_.push_back('\0');
    }

    // NOLINTNEXTLINE(google-explicit-constructor): the same
    secret_text(const char* text) : secret_text(std::string_view(text)) {}

    // NOLINTNEXTLINE(google-explicit-constructor): the same
    secret_text(const std::string& text) : secret_text(std::string_view(text)) {}

    secret_text(const secret_text& other) = default;

    secret_text(secret_text&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

    secret_text& operator=(const secret_text& other) {
        if (this != &other) *this = secret_text(other);
        return *this;
    }

    secret_text& operator=(secret_text&& other) noexcept {
        if (this == &other) return *this;
        wipe();
        bytes_ = std::exchange(other.bytes_, {});
        return *this;
    }

    ~secret_text() { wipe(); }

    [[nodiscard]] std::string_view text() const noexcept { return {bytes_.data(), size()}; }

    [[nodiscard]] const char* c_str() const noexcept { return bytes_.empty() ? "" : bytes_.data(); }

    [[nodiscard]] std::size_t size() const noexcept {
        return bytes_.empty() ? 0 : bytes_.size() - 1;
    }

    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    friend bool operator==(const secret_text& left, const secret_text& right) noexcept {
        return left.text() == right.text();
    }

private:
    void wipe() noexcept {
        // Asked of the address and not of the size: GCC 12 takes the former for null else.
        if (char* const bytes = bytes_.data(); bytes != nullptr)
            ::explicit_bzero(bytes, bytes_.size());
    }

    std::vector<char> bytes_;  ///< with a zero at the end; not a string: its short form moves bytes
};

}  // namespace weir::config
