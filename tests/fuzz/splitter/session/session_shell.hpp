#pragma once

#include "splitter/relay/session_core.hpp"

#include "tests/fuzz/splitter/script.hpp"
#include "tests/fuzz/splitter/session/followed_answer.hpp"
#include "tests/fuzz/splitter/session/fuzzed_world.hpp"
#include "tests/fuzz/splitter/session/write_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace weir::fuzz {

/// Does what a session_core says as proxy::client_session does, with a client and servers that say
/// what a script makes them say, and checks on the way what must hold whatever they say.
class session_shell {
public:
    explicit session_shell(script& input);

    /// From the login to the end of the script.
    void run();

private:
    using kind = splitter::session_action::kind;
    using next_action = std::optional<splitter::session_action>;

    void perform(splitter::session_action action);
    [[nodiscard]] next_action perform_one(const splitter::session_action& action);
    [[nodiscard]] bool may_write();
    [[nodiscard]] splitter::session_action write_client(protocol::wire::bytes_view bytes);
    [[nodiscard]] splitter::session_action write_backend(protocol::wire::bytes_view bytes);
    [[nodiscard]] splitter::session_action release();
    [[nodiscard]] splitter::session_action drop();
    void close(const splitter::failure& why);

    void on_stop();
    void on_read_client();
    void on_read_backend();
    void on_acquire();
    void on_change_user();
    void on_kill();
    void on_resolve();

    void receive_from_client();
    void receive_from_backend();
    void fail(splitter::failure_origin who);
    void change_world();
    void lease(fuzzed_connection& connection);
    fuzzed_connection& connect(std::size_t server);
    void forget(fuzzed_connection& connection);
    [[nodiscard]] fuzzed_connection* find_on(std::size_t server);

    void on_command_seen();
    void on_command_sent(protocol::wire::bytes_view bytes);
    void on_file_part(protocol::wire::bytes_view bytes);
    void check_answered() const;
    void check_buffers();
    [[nodiscard]] test::byte_vector file_part();

    script& input_;
    fuzzed_world world_;
    splitter::shared_statements statements_;
    splitter::statement_readings readings_{64};
    protocol::mysql::capability_set client_;
    std::vector<std::unique_ptr<fuzzed_connection>> connections_;
    splitter::session_core core_;
    fuzzed_connection* leased_ = nullptr;
    splitter::session_action stop_;
    test::byte_vector from_client_;  ///< sent by the client, not read yet
    test::byte_vector file_;         ///< what has gone to a server of the file under way
    write_ledger ledger_;
    followed_answer server_answer_;
    followed_answer client_answer_;
    protocol::mysql::response_kind awaited_ = protocol::mysql::response_kind::simple;
    std::uint8_t answer_number_ = 1;  ///< of the next answer's first frame
    bool was_sent_ = false;           ///< the command under way, to a server
    bool is_own_command_ = false;     ///< the core's own is under way, not the client's
    bool disturbed_ = false;          ///< something failed or made no sense: the session may end
    bool is_over_ = false;
};

}  // namespace weir::fuzz
