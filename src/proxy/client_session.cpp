#include "src/proxy/client_session.hpp"

#include "protocol/mysql/collation.hpp"
#include "protocol/wire/ensure.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/account_proof.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;
using splitter::failure;
using splitter::failure_origin;
using splitter::session_action;

namespace {

bool would_block(error_code error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

failure broken(error_code why, failure_origin origin) {
    return {why, origin};
}

splitter::client_address rule_address_of(const net::peer_address& peer) {
    using kind = splitter::client_address::kind;
    splitter::client_address address;
    if (peer.kind == config::endpoint::kind::unix_socket) return address;
    const auto take = [&](kind what, const auto& bytes) {
        address.what = what;
        std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
    };
    if (peer.address.is_v4()) {
        take(kind::ipv4, peer.address.to_v4().to_bytes());
    } else {
        take(kind::ipv6, peer.address.to_v6().to_bytes());
    }
    return address;
}

}  // namespace

client_session::client_session(proxy_worker& worker, std::uint32_t id)
    : worker_(worker), id_(id), stream_(worker.io()) {}

client_session::~client_session() {
    worker_.on_session_gone();
}

void client_session::start(net::accepted_socket socket) {
    if (stream_.adopt(std::move(socket.native), socket.peer)) return close();
    boost::asio::co_spawn(worker_.io(), log_in(pointer(this)), boost::asio::detached);
}

awaitable<void> client_session::log_in(pointer self) {
    client_login login(self->worker_, self->stream_, self->id_);
    const bool accepted = co_await login.run();
    self->worker_.metrics().on_login(accepted);
    if (accepted) self->adopt(login.take_result());
    if (!accepted || self->is_closed_) {
        self->close();
        self->give_up_login();  // also one that was over before its login
        co_return;
    }
    self->core_ = std::make_unique<splitter::session_core>(
        self->worker_.world(), self->worker_.next_session_number()
    );
    self->perform(self->core_->on_start(self->login_facts()));
}

splitter::session_login client_session::login_facts() const {
    const auto& who = client_.who;
    return {
        .capabilities = who.capabilities,
        .status = client_.status,
        .schema = who.schema,
        .connection_id = id_,
        .collation = who.collation,
        .character_set = protocol::mysql::find_collation(who.collation).character_set,
        .user = who.user,
        .client = rule_address_of(client_.peer)};
}

void client_session::adopt(logged_in_client client) {
    client_ = std::move(client);
    has_user_ = true;
    last_active_ = std::chrono::steady_clock::now();
    client_.connection->last_used = last_active_;
    class_ = worker_.class_of(client_);
    client_.connection->pool_class = class_;
    take_over(*client_.connection);
    client_.connection = nullptr;
    give_back(*connections_.back());
    worker_.serve_soon();
    const auto& who = client_.who;
    if (compression_ == nullptr && client_compression::is_agreed(who.capabilities)) {
        compression_ = std::make_unique<client_compression>(
            who.capabilities, who.zstd_level, worker_.settings().limits.packet_size
        );
    }
}

awaitable<void> client_session::change_user(pointer self) {
    if (self->current_ != nullptr) self->forget(*self->current_, ending::in_order);
    self->let_go();
    self->worker_.context().limits.leave_user(self->client_.who.user);
    self->has_user_ = false;
    const auto payload = self->core_->command_payload();
    std::vector<std::byte> command(payload.begin(), payload.end());
    client_login login(self->worker_, self->stream_, self->id_, self->compression_.get());
    const bool accepted = co_await login.change_user(self->client_, std::move(command), 0);
    if (accepted) self->adopt(login.take_result());
    if (self->is_closed_ || (!accepted && !self->stays_with_former_user(login))) {
        self->close();
        self->give_up_login();
        co_return;
    }
    self->perform(self->core_->on_user_changed(self->login_facts()));
}

/// The change of users was refused. The session goes on with the former one, but as new, if further
/// connections can be made in that one's name: its own have been closed.
bool client_session::stays_with_former_user(const client_login& login) {
    if (!login.client_may_go_on() || !can_prove_itself()) return false;
    const auto& settings = worker_.settings();
    has_user_ =
        worker_.context().limits.try_enter_user(client_.who.user, settings.limits.clients_per_user);
    if (!has_user_) return false;
    client_.scramble = login.scramble();
    client_.who.schema = core_->facts().state.schema();
    ++client_.failed_user_changes;
    return true;
}

void client_session::perform(session_action action) {
    while (!is_closed_) {
        const next_action next = perform_one(action);
        if (!next) return;
        action = *next;
    }
}

client_session::next_action client_session::perform_one(const session_action& action) {
    switch (action.what) {
        case session_action::kind::read_client: return read_client();
        case session_action::kind::write_client: return write_client(action.bytes);
        case session_action::kind::read_backend: return read_backend();
        case session_action::kind::write_backend:
            finish_former_statement();
            begin_statement();
            if (where_.causal_wait.count() > 0 && core_->is_sending()) note_caught_up();
            note_in_trace();
            begin_timeout();
            begin_mirroring();
            return write_backend(action.bytes);
        case session_action::kind::pause: return pause(action.pause);
        case session_action::kind::ask_position:
            finish_former_statement();
            worker_.ask_position(*this);
            return std::nullopt;
        case session_action::kind::acquire_backend:
            finish_former_statement();
            return acquire(action.where);
        case session_action::kind::release_backend: return release();
        case session_action::kind::drop_backend:
            if (action.why.code) worker_.on_backend_broken(*current_, action.why.code);
            if (expects_end_) {
                close();
                return std::nullopt;
            }
            tried_.push_back(current_->server);
            return drop();
        case session_action::kind::list_sessions: return list_sessions();
        case session_action::kind::resolve_commit: return resolve_commit(*action.lost);
        case session_action::kind::explain_route: return explain_route(action.where);
        case session_action::kind::kill_session: return kill_session(action.kill);
        case session_action::kind::change_user:
            boost::asio::co_spawn(worker_.io(), change_user(pointer(this)), boost::asio::detached);
            return std::nullopt;
        case session_action::kind::tunnel: return tunnel();
        case session_action::kind::close: close(); return std::nullopt;
    }
    WEIR_ENSURE(false);
}

client_session::next_action client_session::pause(std::chrono::steady_clock::duration time) {
    pause_ = std::make_unique<boost::asio::steady_timer>(worker_.io(), time);
    pause_->async_wait([self = pointer(this)](error_code error) {
        if (error || self->is_closed_) return;
        self->pause_.reset();
        self->perform(self->core_->on_pause_over(std::chrono::steady_clock::now()));
    });
    return std::nullopt;
}

client_session::next_action client_session::read_client() {
    if (core_->is_waiting_for_command()) finish_statement();
    if (is_draining_ && core_->is_quiet()) {
        close();
        return std::nullopt;
    }
    if (compression_ != nullptr && compression_->has_more()) {
        error_code error;
        if (receive_from_client(error)) return core_->on_client_bytes(last_active_);
        if (error) return core_->on_failure(broken(error, failure_origin::client));
    }
    wait_for_client();
    return std::nullopt;
}

void client_session::wait_for_client() {
    auto& buffer = core_->client_buffer();
    if (buffer.empty()) worker_.spares().take_back(buffer);
    waits_for_ = side::client;
    stream_.async_wait_readable(read_memory_.bind([self = pointer(this)](error_code error) {
        self->on_client_readable(error);
    }));
}

void client_session::on_client_readable(error_code error) {
    if (is_closed_) return;
    waits_for_ = side::none;
    if (error == boost::asio::error::operation_aborted) error.clear();  // see look_for_missed_end()
    bool has_news = false;
    if (!error) has_news = receive_from_client(error);
    if (error && !would_block(error)) {
        perform(core_->on_failure(broken(error, failure_origin::client)));
    } else if (has_news) {
        perform(core_->on_client_bytes(last_active_));
    } else {
        wait_for_client();
    }
}

/// Reads what is there into the core's buffer. True if it has more now than before.
bool client_session::receive_from_client(error_code& error) {
    auto& buffer = core_->client_buffer();
    if (compression_ == nullptr) {
        const std::size_t count = read_some_into(buffer, core_->client_bytes_wanted(), error);
        return count > 0;
    }
    if (!compression_->has_more()) {
        read_some_into(compression_->received(), compression_->bytes_wanted(), error);
        if (error) return false;
    }
    const auto unpacked = compression_->unpack(buffer);
    if (!unpacked) error = unpacked.error();
    return unpacked && *unpacked > 0;
}

std::size_t client_session::read_some_into(
    protocol::wire::receive_buffer& buffer, std::size_t wanted, error_code& error
) {
    const std::size_t pending = buffer.pending().size();
    const std::size_t missing = wanted > pending ? wanted - pending : 0;
    // Memory is given for what has come, not for what a header promises.
    const std::size_t trusted = std::max(pending, worker_.buffer_size());
    worker_.spares().lend(buffer);
    const std::size_t count = stream_.read_some(
        buffer.prepare(std::clamp(missing, worker_.buffer_size(), trusted)), error
    );
    buffer.commit(count);
    if (count > 0) last_active_ = std::chrono::steady_clock::now();
    return count;
}

client_session::next_action client_session::write_client(protocol::wire::bytes_view bytes) {
    if (is_held_back(bytes)) return std::nullopt;
    tell_others();
    if (mirrored_ != nullptr) keep_for_mirror(bytes);
    unwritten_ = bytes;
    bytes_to_client_ += bytes.size();
    if (compression_ != nullptr) {
        const auto packed = compression_->pack(bytes);
        if (!packed) return core_->on_failure(broken(packed.error(), failure_origin::client));
        unwritten_ = *packed;
    }
    return flush_client();
}

client_session::next_action client_session::flush_client() {
    while (!unwritten_.empty()) {
        error_code error;
        unwritten_ = unwritten_.subspan(stream_.write_some(unwritten_.span(), error));
        if (would_block(error)) {
            stream_.async_wait_writable(write_memory_.bind([self = pointer(this)](error_code why) {
                self->on_client_writable(why);
            }));
            return std::nullopt;
        }
        if (error) return core_->on_failure(broken(error, failure_origin::client));
    }
    return core_->on_written();
}

void client_session::on_client_writable(error_code error) {
    if (is_closed_) return;
    if (error) return perform(core_->on_failure(broken(error, failure_origin::client)));
    if (const auto next = flush_client()) perform(*next);
}

client_session::next_action client_session::read_backend() {
    if (current_->filled_buffer) return try_read_backend();
    wait_for_backend();
    return std::nullopt;
}

void client_session::wait_for_backend() {
    if (current_->received.empty()) worker_.spares().take_back(current_->received);
    waits_for_ = side::backend;
    current_->stream.async_wait_readable(
        current_->read_memory.bind([self = pointer(this), connection = current_](error_code error) {
            if (connection == self->current_) self->on_backend_readable(error);
        })
    );
}

void client_session::on_backend_readable(error_code error) {
    if (is_closed_) return;
    waits_for_ = side::none;
    if (error == boost::asio::error::operation_aborted) error.clear();  // see look_for_missed_end()
    if (error) return perform(core_->on_failure(broken(error, failure_origin::backend)));
    if (const auto next = try_read_backend()) perform(*next);
}

client_session::next_action client_session::try_read_backend() {
    auto& buffer = current_->received;
    worker_.spares().lend(buffer);
    const auto area = buffer.prepare(worker_.read_size(current_->filled_buffer));
    error_code error;
    const std::size_t count = current_->stream.read_some(area, error);
    current_->filled_buffer = count == area.size();
    if (would_block(error)) {
        wait_for_backend();
        return std::nullopt;
    }
    if (error) return core_->on_failure(broken(error, failure_origin::backend));
    buffer.commit(count);
    return core_->on_backend_bytes();
}

client_session::next_action client_session::write_backend(protocol::wire::bytes_view bytes) {
    unwritten_ = bytes;
    while (!unwritten_.empty()) {
        error_code error;
        unwritten_ = unwritten_.subspan(current_->stream.write_some(unwritten_.span(), error));
        if (would_block(error)) {
            current_->stream.async_wait_writable(current_->write_memory.bind(
                [self = pointer(this), connection = current_](error_code why) {
                    if (connection == self->current_) self->on_backend_writable(why);
                }
            ));
            return std::nullopt;
        }
        if (error) return core_->on_failure(broken(error, failure_origin::backend));
    }
    return core_->on_written();
}

void client_session::on_backend_writable(error_code error) {
    if (is_closed_) return;
    if (error) return perform(core_->on_failure(broken(error, failure_origin::backend)));
    if (const auto next = write_backend(unwritten_)) perform(*next);
}

/// The server has what the statement was to wait for, and so it has it for others.
void client_session::note_caught_up() {
    if (!std::exchange(waited_, false) || where_.must_contain == nullptr) return;
    worker_.on_caught_up(current_->server, *where_.must_contain);
}

/// The first bytes of a command, or of what prepares a connection for it, go to a server.
void client_session::begin_statement() {
    if (statement_began_ != time_point{}) return;
    statement_began_ = last_active_;
    const splitter::command_plan& plan = core_->plan();
    if (plan.digest == 0) return;
    splitter::session& session = core_->facts();
    const digest_subject subject{
        .digest = plan.digest,
        .schema = session.state.schema(),
        .user = client_.who.user,
        .sql = plan.digested,
        .reading = splitter::reading_options(session, worker_.world())};
    digested_ = digested_statement{
        worker_.metrics().digests.find_or_add(subject, last_active_), core_->is_pinned()};
    bytes_to_client_ = 0;
}

void client_session::count_digest() {
    const auto statement = std::exchange(digested_, std::nullopt);
    if (!statement) return;
    const answered_by server = last_server_.primary ? answered_by::primary : answered_by::replica;
    const digest_facts facts{
        .who = statement->was_pinned ? answered_by::pinned : server,
        .failed = core_->answer().error != 0,
        .rows = core_->rows_of_answer(),
        .bytes = bytes_to_client_,
        .took = last_active_ - statement_began_,
        .pin_cause = core_->is_pinned() ? name_of(core_->facts().pinned.reason()) : ""};
    worker_.metrics().digests.on_statement(statement->entry, facts, last_active_);
}

/// Counts and times what has just been answered.
void client_session::finish_statement() {
    counted_ = core_->commands_ended();
    give_back_kept();
    timeout_.reset();
    finish_mirroring();
    if (core_->is_pinned() || pins_.is_running())
        measure_pins(core_->facts().pinned, std::chrono::steady_clock::now());
    tell_others();
    if (statement_began_ == time_point{}) return;
    last_active_ = std::chrono::steady_clock::now();
    if (current_ != nullptr) current_->last_used = last_active_;
    worker_.metrics().on_statement(
        last_server_, core_->last_command(), last_active_ - statement_began_
    );
    count_digest();
    statement_began_ = {};
}

void client_session::measure_pins(const splitter::pins& held, time_point now) {
    pins_.update(held, now, worker_.metrics().pins);
}

/// The same where the next one, sent ahead by the client, begins without a read.
void client_session::finish_former_statement() {
    if (core_->commands_ended() == counted_) return;
    finish_statement();
    if (compression_ != nullptr) compression_->begin_answer();
}

void client_session::drain() {
    is_draining_ = true;
    if (core_ != nullptr && core_->is_quiet()) close();
}

void client_session::close() {
    if (std::exchange(is_closed_, true)) return;
    const pointer keep(this);
    count_waiting(false);
    pause_.reset();
    timeout_.reset();
    if (inquiry_ != nullptr) inquiry_->stop();
    stream_.close();
    if (core_ != nullptr) {
        worker_.metrics().on_session_closed();
        measure_pins({}, std::chrono::steady_clock::now());
    }
    give_up_login();
    worker_.on_session_closed(*this);
}

/// The place among the user's sessions, and the connections. Idempotent.
void client_session::give_up_login() {
    if (std::exchange(has_user_, false)) worker_.context().limits.leave_user(client_.who.user);
    if (current_ != nullptr) forget(*current_, ending::in_order);
    let_go();
}

client_session::next_action client_session::tunnel() {
    boost::asio::co_spawn(
        worker_.io(), pump(pointer(this), stream_, current_->stream), boost::asio::detached
    );
    boost::asio::co_spawn(
        worker_.io(), pump(pointer(this), current_->stream, stream_), boost::asio::detached
    );
    return std::nullopt;
}

/// Passes bytes one way until that side ends; then everything does.
awaitable<void> client_session::pump(pointer self, net::stream& from, net::stream& to) {
    const backend_connection_pointer keep = self->current_;
    std::vector<std::byte> buffer(self->worker_.buffer_size());
    while (!self->is_closed_) {
        const error_code failed = co_await net::wait_readable(from, net::no_deadline);
        if (failed) break;
        error_code error;
        const std::size_t count = from.read_some(buffer, error);
        if (would_block(error)) continue;
        if (error) break;
        const error_code unwritten =
            co_await net::write_all(to, std::span(buffer).first(count), net::no_deadline);
        if (unwritten) break;
    }
    self->close();
}

}  // namespace weir::proxy
