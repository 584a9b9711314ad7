// LOAD DATA LOCAL INFILE: the part of session_core in which a client sends a file.

#include "protocol/mysql/packet_header.hpp"
#include "splitter/relay/session_core.hpp"

#include <utility>

namespace weir::splitter {

/// The file goes to the server as it comes; to nobody, once that is lost.
session_action session_core::on_upload_bytes() {
    const auto progress = upload_.advance(received_.pending());
    if (backend_.state == nullptr) {
        received_.consume(progress.forward);
        upload_follows_ = !progress.complete;
        if (!upload_follows_) return take_in_file();
        return do_next(session_action::kind::read_client);
    }
    if (progress.forward == 0) return do_next(session_action::kind::read_client);
    taken_ = progress.forward;
    upload_follows_ = !progress.complete;
    stage_ = stage::upload_sending;
    auto action = do_next(session_action::kind::write_backend);
    action.bytes = received_.pending().first(progress.forward);
    return action;
}

/// A client that sends a file does not look for an answer before the file's end: the error waits
/// until then. Nothing is sent again, and what may have been written is not known.
session_action session_core::lose_upload(failure why) {
    if (stage_ == stage::upload_sending) received_.consume(std::exchange(taken_, 0));
    record_.reset();
    if (plan_.may_write) session_.written.on_unknown_write();
    close_reason_ = why;
    return release(session_action::kind::drop_backend, after_release::take_in_file, why);
}

session_action session_core::take_in_file() {
    if (upload_follows_) {
        stage_ = stage::uploading;
        return on_upload_bytes();
    }
    answer_sequence_ = protocol::mysql::next_sequence(upload_.last_sequence());
    after_release_ = after_release::error_then_close;
    return answer_error(
        {protocol::mysql::server_errc::network_read_error,
         "Lost connection to server while a local file was sent: whether it was loaded is not "
         "known"}
    );
}

}  // namespace weir::splitter
