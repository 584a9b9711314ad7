#include "config/loader/yaml_node.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

namespace weir::config {

namespace {

constexpr std::size_t deepest_tree = 16;
constexpr std::size_t largest_tree = 100'000;

yaml_position position_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {mark.line + 1, mark.column + 1};
}

std::size_t count_nodes(const yaml_node& node) {
    std::size_t count = 1;
    for (const yaml_node& child : node.children)
        count += count_nodes(child);
    return count;
}

std::size_t height_of(const yaml_node& node) {
    std::size_t highest = 0;
    for (const yaml_node& child : node.children)
        highest = std::max(highest, height_of(child));
    return highest + 1;
}

/// Turns the library's events into a tree. Once something is refused, further events change
/// nothing.
class tree_builder final : public YAML::EventHandler {
public:
    [[nodiscard]] yaml_document take() && {
        if (!document_.problems.empty()) document_.root = {};
        return std::move(document_);
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        document_.root.where = position_of(mark);
    }

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        complete(make_node(yaml_node::kind::null, mark), anchor);
    }

    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        const std::string& value
    ) override {
        refuse_tag(mark, tag);
        yaml_node node = make_node(yaml_node::kind::scalar, mark);
        node.text = value;
        complete(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (is_refused()) return;
        const auto found = anchored_.find(anchor);
        if (found == anchored_.end())
            return refuse(mark, "an alias stands inside of what it names");
        if (nodes_ + count_nodes(found->second) > largest_tree) return refuse_size(mark);
        if (open_.size() + height_of(found->second) > deepest_tree) return refuse_depth(mark);
        nodes_ += count_nodes(found->second);
        complete(found->second, YAML::NullAnchor);
    }

    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/
    ) override {
        refuse_tag(mark, tag);
        open(make_node(yaml_node::kind::sequence, mark), anchor);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/
    ) override {
        refuse_tag(mark, tag);
        open(make_node(yaml_node::kind::mapping, mark), anchor);
    }

    void OnMapEnd() override { close(); }

private:
    /// A list or mapping whose end was not seen yet.
    struct open_node {
        yaml_node node;
        YAML::anchor_t anchor = YAML::NullAnchor;
        bool has_key = false;  ///< mapping: the key of the next child is known
        std::string key;
        yaml_position key_where;
    };

    [[nodiscard]] bool is_refused() const { return !document_.problems.empty(); }

    void refuse(const YAML::Mark& mark, std::string message) {
        refuse(position_of(mark), std::move(message));
    }

    void refuse(yaml_position where, std::string message) {
        if (!is_refused()) document_.problems.push_back({where, std::move(message)});
    }

    void refuse_size(const YAML::Mark& mark) {
        refuse(
            mark, "more than " + std::to_string(largest_tree) + " values; a configuration has fewer"
        );
    }

    void refuse_depth(const YAML::Mark& mark) {
        refuse(
            mark,
            "nested deeper than " + std::to_string(deepest_tree) + "; a configuration is flatter"
        );
    }

    /// The library reports `?` for a plain scalar, `!` for a quoted one and nothing for an untagged
    /// list or mapping.
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        refuse(mark, "tags have no meaning here; put the value in quotes if it starts with !");
    }

    yaml_node make_node(yaml_node::kind what, const YAML::Mark& mark) {
        if (++nodes_ > largest_tree) refuse_size(mark);
        yaml_node node;
        node.what = what;
        node.where = position_of(mark);
        return node;
    }

    void open(yaml_node node, YAML::anchor_t anchor) {
        // Events go on after a refusal, so that starts and ends keep matching.
        if (open_.size() >= deepest_tree) {
            refuse(
                node.where,
                "nested deeper than " + std::to_string(deepest_tree) +
                    "; a configuration is flatter"
            );
        }
        open_.push_back({std::move(node), anchor, false, {}, {}});
    }

    void close() {
        open_node finished = std::move(open_.back());
        open_.pop_back();
        complete(std::move(finished.node), finished.anchor);
    }

    void complete(yaml_node node, YAML::anchor_t anchor) {
        if (is_refused()) return;
        if (anchor != YAML::NullAnchor) anchored_[anchor] = node;
        if (open_.empty()) {
            document_.root = std::move(node);
            return;
        }
        open_node& parent = open_.back();
        if (parent.node.what == yaml_node::kind::mapping && !parent.has_key) return take_key(node);
        if (node.what == yaml_node::kind::null) {
            // The library places an absent value where it goes on reading: often in another line.
            node.where = parent.has_key ? parent.key_where : parent.node.where;
        }
        if (parent.has_key) {
            node.key = std::move(parent.key);
            node.key_where = parent.key_where;
            parent.has_key = false;
        }
        parent.node.children.push_back(std::move(node));
    }

    void take_key(const yaml_node& node) {
        if (node.what != yaml_node::kind::scalar || node.text.empty()) {
            return refuse(node.where, "a key has to be a text; write `key: value`");
        }
        open_node& parent = open_.back();
        parent.has_key = true;
        parent.key = node.text;
        parent.key_where = node.where;
    }

    yaml_document document_;
    std::vector<open_node> open_;
    std::map<YAML::anchor_t, yaml_node> anchored_;  ///< complete ones only
    std::size_t nodes_ = 0;
};

/// Takes the events of a second document, whose presence is all that matters.
class ignoring_handler final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}

    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}

    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&)
        override {}

    void OnSequenceStart(
        const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value
    ) override {}

    void OnSequenceEnd() override {}

    void OnMapStart(
        const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value
    ) override {}

    void OnMapEnd() override {}
};

/// The library takes some control characters for the end of the text, so that the rest would be
/// lost without a word.
std::vector<yaml_problem> find_control_character(std::string_view text) {
    yaml_position where;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        const bool is_space = character == '\t' || character == '\n' || character == '\r';
        if ((byte < 0x20U && !is_space) || byte == 0x7FU) {
            return {
                {where, "a control character stands here; write it as an escape in double quotes"}};
        }
        if (character == '\n') {
            ++where.line;
            where.column = 1;
        } else {
            ++where.column;
        }
    }
    return {};
}

/// The library takes the end of the text for the end of a quoted value if a line end stands before
/// it. With a comment behind, which changes nothing elsewhere, it sees that the quote is missing.
std::string with_final_comment(std::string_view text) {
    const bool ends_its_line = text.empty() || text.back() == '\n';
    return std::string{text} + (ends_its_line ? "#" : "\n#");
}

/// The library's wording without what it quotes from the text: `*secret` as a password would be
/// named as an unknown anchor.
std::string syntax_message(const YAML::Exception& error) {
    return "not valid YAML: " + error.msg.substr(0, error.msg.find(": ")) +
           "; check the indentation (no tabs) and put values with special characters in quotes";
}

}  // namespace

std::string_view noun_of(yaml_node::kind what) noexcept {
    switch (what) {
        case yaml_node::kind::null: return "nothing";
        case yaml_node::kind::scalar: return "a single value";
        case yaml_node::kind::sequence: return "a list";
        case yaml_node::kind::mapping: return "a mapping";
    }
    return {};
}

yaml_document parse_yaml(std::string_view text) {
    if (auto problems = find_control_character(text); !problems.empty())
        return {{}, std::move(problems)};
    try {
        std::istringstream stream{with_final_comment(text)};
        YAML::Parser parser{stream};
        tree_builder builder;
        if (!parser.HandleNextDocument(builder)) return {};
        ignoring_handler ignored;
        if (parser.HandleNextDocument(ignored)) {
            return {{}, {{{}, "more than one YAML document; keep one and remove the lines `---`"}}};
        }
        return std::move(builder).take();
    } catch (const YAML::Exception& error) {
        return {{}, {{position_of(error.mark), syntax_message(error)}}};
    } catch (const std::exception&) {
        return {{}, {{{}, "not valid YAML"}}};  // its text could quote ours
    }
}

}  // namespace weir::config
