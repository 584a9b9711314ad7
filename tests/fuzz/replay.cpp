// Stands in for libFuzzer where only the corpora are to be replayed: every file of the directory
// that is the argument goes to the fuzzer's entry, which ends the process if a claim does not hold.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    if (argc != 2) {
        (void)std::fputs("usage: fuzz_NAME DIRECTORY\n", stderr);
        return 2;
    }
    std::size_t replayed = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        // Named before: a claim that fails leaves no other trace.
        (void)std::fprintf(stderr, "%s\n", entry.path().c_str());
        std::ifstream file(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
        (void)LLVMFuzzerTestOneInput(input.data(), input.size());
        ++replayed;
    }
    (void)std::printf("%zu inputs replayed\n", replayed);
    return replayed == 0 ? 1 : 0;
}
