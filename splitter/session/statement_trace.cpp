#include "splitter/session/statement_trace.hpp"

namespace weir::splitter {

std::string text_of(const statement_trace& trace) {
    std::string text = "weir: ";
    if (trace.server.empty()) {
        text += "answered here";
    } else {
        text += "ran on " + trace.server + (trace.on_primary ? " (primary)" : " (replica)");
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(trace.wait);
        text += "; wait " + std::to_string(micros.count()) + " us";
        text += "; retries " + std::to_string(trace.attempts > 0 ? trace.attempts - 1 : 0);
    }
    const auto add = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        text += "; ";
        text += name;
        text += ' ';
        text += value;
    };
    add("reason:", trace.why);
    add("choice:", trace.choice);
    add("held by:", trace.pin);
    add("rules:", trace.rules);
    return text;
}

}  // namespace weir::splitter
