#pragma once

#include "protocol/mysql/response_tracker.hpp"
#include "protocol/wire/bytes_view.hpp"

#include "tests/support/bytes.hpp"

#include <cstdint>
#include <optional>

namespace weir::fuzz {

/// One answer as it passes one side of a session: is it well-formed, are its frames numbered
/// without a gap, is it over?
class followed_answer {
public:
    /// The answer to a command in one frame: it starts with number 1.
    void start(
        protocol::mysql::response_kind kind, protocol::mysql::capability_set capabilities
    ) noexcept;

    void on_bytes(protocol::wire::bytes_view bytes);

    /// A file has been sent in between; the next frame must carry this number.
    void on_file_sent(std::uint8_t next_number) noexcept;

    /// Nothing is wrong with it so far.
    [[nodiscard]] bool is_sound() const noexcept { return sound_; }

    /// It is sound, and there is nothing more to come.
    [[nodiscard]] bool is_whole() const noexcept { return sound_ && tracker_.is_complete(); }

    [[nodiscard]] bool asks_for_file() const noexcept { return asks_for_file_; }

    /// An OK in it tells of session state that its reader did not ask for.
    [[nodiscard]] bool shows_hidden() const noexcept { return shows_hidden_; }

    /// Number of the last frame.
    [[nodiscard]] std::uint8_t last_number() const noexcept { return tracker_.last_sequence(); }

private:
    void advance();
    void look_into(const protocol::mysql::response_event& event);

    protocol::mysql::response_tracker tracker_;
    protocol::mysql::capability_set capabilities_;
    test::byte_vector pending_;
    std::optional<std::uint8_t>
        awaited_;  ///< number of the next frame, where the tracker takes any
    bool sound_ = true;
    bool asks_for_file_ = false;
    bool shows_hidden_ = false;
};

}  // namespace weir::fuzz
