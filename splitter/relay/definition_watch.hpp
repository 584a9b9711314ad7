#pragma once

#include "splitter/sql/definition_change.hpp"
#include "splitter/sql/known_definitions.hpp"

#include <utility>

namespace weir::splitter {

/// Where sessions learn what is known of functions and views, and tell of statements that may
/// change them. Outlives them. Thread: one worker's.
class definition_watch {
public:
    definition_watch() = default;
    definition_watch(const definition_watch&) = delete;
    definition_watch& operator=(const definition_watch&) = delete;
    definition_watch(definition_watch&&) = delete;
    definition_watch& operator=(definition_watch&&) = delete;
    virtual ~definition_watch() = default;

    /// The newest; valid until the next call. Every change that a session of any worker has begun
    /// before the call, and that no reading surely contains, is in it.
    [[nodiscard]] virtual const known_definitions& known() = 0;

    /// A statement that may make this change is about to be sent.
    virtual void begin(const definition_change& change) = 0;

    /// It is over: the server has answered, or never will.
    virtual void end(const definition_change& change) = 0;
};

/// A change under way, from before it is sent until this is destroyed.
class change_under_way {
public:
    change_under_way(definition_watch& watch, definition_change change)
        : watch_{&watch}, change_{std::move(change)} {
        watch_->begin(change_);
    }

    change_under_way(const change_under_way&) = delete;
    change_under_way& operator=(const change_under_way&) = delete;
    change_under_way(change_under_way&&) = delete;
    change_under_way& operator=(change_under_way&&) = delete;

    ~change_under_way() { watch_->end(change_); }

private:
    definition_watch* watch_;
    definition_change change_;
};

}  // namespace weir::splitter
