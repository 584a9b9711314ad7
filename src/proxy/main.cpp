#include "src/proxy/configuration.hpp"
#include "src/proxy/proxy_program.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

constexpr int exit_bad_configuration = 2;

/// Prints every problem; true if there is none.
bool report(const weir::config::load_outcome& outcome) {
    for (const auto& error : outcome.errors) {
        std::cerr << error.to_string() << '\n';
    }
    if (!outcome.ok())
        std::cerr << "weir-proxy: " << outcome.errors.size() << " error(s) in the configuration\n";
    return outcome.ok();
}

int run(int argc, char** argv) {
    CLI::App app{
        "weir-proxy: any MySQL client on one port; writes to the primary, reads to fresh replicas"};
    app.set_version_flag("--version", WEIR_VERSION);
    app.footer(
        "Signals: HUP reads the configuration again, TERM drains (a second one stops at once).\n"
        "Exit codes: 0 ended as asked, 1 could not run, 2 errors in the configuration or the "
        "command line."
    );
    std::string file;
    bool only_check = false;
    app.add_option("config", file, "configuration file (YAML); config/reference.md has every key")
        ->required();
    app.add_flag(
        "--check",
        only_check,
        "read and check the configuration, try the examples beside its rules, then exit"
    );
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EXIT_SUCCESS : exit_bad_configuration;
    }
    using weir::proxy::rule_examples;
    const auto loaded = weir::proxy::load_configuration(
        file, only_check ? rule_examples::tried : rule_examples::left_out
    );
    if (!report(loaded.outcome)) return exit_bad_configuration;
    if (only_check) {
        std::cout << file << ": ok\n";
        return EXIT_SUCCESS;
    }
    weir::proxy::proxy_program program(file);
    return program.run(loaded);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "weir-proxy: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
