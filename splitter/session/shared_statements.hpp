#pragma once

#include "splitter/session/parameter_types.hpp"
#include "splitter/session/session_variable.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::splitter {

class session_state;
class shared_statements;

/// What else the meaning of a text depends on when it is prepared. Plain value.
struct meaning {
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::string schema;
    meaning_variables variables;
    /// MySQL: those that the text names, with any value of their type, by names. It takes others
    /// for texts from then on, and these for what they were.
    std::vector<session_variable> user_variables{};
};

/// One value for all that have the type of this one, in SQL, of the usual types.
[[nodiscard]] std::string any_of_type(const std::string& value);

/// A prepared statement's text as servers read it: what two clients prepare alike is one. Thread:
/// its worker.
class shared_statement
    : public boost::intrusive_ref_counter<shared_statement, boost::thread_unsafe_counter> {
public:
    shared_statement(std::string text, std::string context, meaning of)
        : text_(std::move(text)), context_(std::move(context)), meaning_(std::move(of)) {}

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// What was set when it was prepared, as far as the text's meaning depends on it.
    [[nodiscard]] const meaning& prepared_under() const noexcept { return meaning_; }

    /// A session in this state would mean the same by the text.
    [[nodiscard]] bool means_the_same(const session_state& state) const;

    /// A user variable of this name, in lower case, may be in the text.
    [[nodiscard]] bool may_name(std::string_view user_variable) const;

    /// What is set in this state of what the meaning depends on; nothing: what it was prepared
    /// under.
    [[nodiscard]] std::optional<meaning_variables> renewed_under(const session_state& state) const;

    /// The types of its parameters as MySQL finds them; empty: not known.
    [[nodiscard]] const parameter_classes& derived() const noexcept { return derived_; }

    void set_derived(const parameter_classes& types) { derived_ = types; }

    /// Some client still has it.
    [[nodiscard]] bool is_wanted() const noexcept { return users_ > 0; }

private:
    friend class shared_statements;
    friend class statement_use;

    std::string text_;
    std::string context_;
    meaning meaning_;
    parameter_classes derived_;
    std::size_t users_ = 0;
};

using shared_statement_pointer = boost::intrusive_ptr<shared_statement>;

/// One client's claim to a shared statement, given up when it goes. Thread: its worker.
class statement_use {
public:
    statement_use() noexcept = default;
    statement_use(statement_use&& other) noexcept;
    statement_use& operator=(statement_use&& other) noexcept;
    statement_use(const statement_use&) = delete;
    statement_use& operator=(const statement_use&) = delete;
    ~statement_use();

    [[nodiscard]] const shared_statement_pointer& get() const noexcept { return what_; }

private:
    friend class shared_statements;

    statement_use(shared_statements& of, shared_statement_pointer what) noexcept;

    shared_statements* of_ = nullptr;
    shared_statement_pointer what_;
};

/// The statements that clients of one worker have prepared, each text once. Owned by the worker,
/// outlives its sessions.
class shared_statements {
public:
    /// A claim to the statement of this text as `state` reads it: the schema and some variables are
    /// part of what a text means.
    [[nodiscard]] statement_use use(
        std::string_view text, const session_state& state, protocol::mysql::server_flavor flavor
    );

    /// Moves whenever a statement is not wanted any more: connections that know it may close it.
    [[nodiscard]] std::uint64_t unwanted() const noexcept { return unwanted_; }

    [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

private:
    friend class statement_use;

    using key = std::pair<std::string_view, std::string_view>;  ///< text, context: the statement's

    void give_up(shared_statement& statement);

    std::map<key, shared_statement*> statements_;
    std::uint64_t unwanted_ = 0;
};

}  // namespace weir::splitter
