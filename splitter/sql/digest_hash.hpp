#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace weir::splitter {

/// Hashes a text that comes in pieces, with XXH3 over blocks of 240 bytes, each with the hash of
/// those before it as seed. The pieces do not matter: equal texts have equal hashes. Not meant
/// against an adversary, who can find two texts with one hash. No allocation; copies of one in use
/// are not wanted.
class digest_hash {
public:
    /// Keeps the text's first `limit` bytes too. `text` is empty, has room for them and outlives
    /// this.
    struct kept_text {
        std::string* text = nullptr;
        std::size_t limit = 0;
    };

    digest_hash() noexcept = default;

    explicit digest_hash(const kept_text& kept) noexcept : kept_{kept} {}

    ~digest_hash() = default;
    digest_hash(const digest_hash&) = delete;
    digest_hash& operator=(const digest_hash&) = delete;

    void append(char c) noexcept {
        if (size_ == block_size) end_block();
        block_[size_++] = c;
    }

    void append(std::string_view piece) noexcept {
        append_pieces(piece, [](char* to, std::string_view from) {
            std::memcpy(to, from.data(), from.size());
        });
    }

    /// The piece with its ASCII letters in upper case.
    void append_upper(std::string_view piece) noexcept {
        append_pieces(piece, [](char* to, std::string_view from) {
            for (const char c : from)
                *to++ = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
    }

    /// The hash of all that was appended. To be called once, at the end.
    [[nodiscard]] std::uint64_t finish() noexcept;

private:
    /// The longest input that XXH3 takes without preparing a secret from the seed.
    static constexpr std::size_t block_size = 240;

    template <class Copy>
    void append_pieces(std::string_view piece, Copy&& copy) noexcept {
        while (piece.size() > block_size - size_) {
            const std::size_t fitting = block_size - size_;
            copy(block_.data() + size_, piece.substr(0, fitting));
            size_ = block_size;
            piece.remove_prefix(fitting);
            end_block();
        }
        copy(block_.data() + size_, piece);
        size_ += piece.size();
    }

    void end_block() noexcept;

    std::uint64_t hash_ = 0;
    std::size_t size_ = 0;
    kept_text kept_{};
    std::array<char, block_size> block_;  // not initialised: that would cost more than the hash
};

}  // namespace weir::splitter
