# Build functions and the targets that carry our own flags. Nothing is set directory-wide: flags travel with targets.

# weir::warnings is linked PRIVATE by every target of ours and never reaches a third party's headers.
add_library(weir_warnings INTERFACE)
add_library(weir::warnings ALIAS weir_warnings)
target_compile_options(weir_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wcast-align -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
    $<$<BOOL:${WEIR_WERROR}>:-Werror>)

# weir::hardening is what every object is compiled with; sanitizers replace the release hardening.
add_library(weir_hardening INTERFACE)
add_library(weir::hardening ALIAS weir_hardening)
if(WEIR_SANITIZE)
    string(FIND "${WEIR_SANITIZE}" undefined WEIR_CHECKS_UNDEFINED)
    math(EXPR WEIR_CHECKS_UNDEFINED "${WEIR_CHECKS_UNDEFINED} + 1")
    target_compile_options(weir_hardening INTERFACE
        -fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # The check of types looks at memory through a pipe, and takes objects for broken when descriptors have run out.
        # Clang 14 cannot compile coroutines with its check of function types.
        $<$<BOOL:${WEIR_CHECKS_UNDEFINED}>:-fno-sanitize=vptr$<$<CXX_COMPILER_ID:Clang>:,function>>
        # GCC takes a coroutine's own operator delete for a mismatch; what is one the sanitizer finds at run time.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
    target_link_options(weir_hardening INTERFACE -fsanitize=${WEIR_SANITIZE})
else()
    target_compile_options(weir_hardening INTERFACE
        -fstack-protector-strong $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>)
    target_link_options(weir_hardening INTERFACE -Wl,-z,relro,-z,now)
endif()
target_compile_definitions(weir_hardening INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_GLIBCXX_ASSERTIONS>)

# A query runs through more code than a first-level cache holds, so what lies where matters. `generate`: the program
# counts what it runs, into files beside the objects; `use`, in the same folder: it is laid out by those counts.
set(WEIR_PROFILE "" CACHE STRING "generate, use, or nothing: see docs/building.md")
set_property(CACHE WEIR_PROFILE PROPERTY STRINGS "" generate use)
if(WEIR_PROFILE STREQUAL "generate")
    target_compile_options(weir_hardening INTERFACE -fprofile-generate -fprofile-update=prefer-atomic)
    target_link_options(weir_hardening INTERFACE -fprofile-generate)
elseif(WEIR_PROFILE STREQUAL "use")
    # What the load did not run is compiled as without counts.
    target_compile_options(weir_hardening INTERFACE
        -fprofile-use -fprofile-correction -fprofile-partial-training -Wno-missing-profile)
elseif(WEIR_PROFILE)
    message(FATAL_ERROR "WEIR_PROFILE is '${WEIR_PROFILE}'; it can be generate, use or empty")
endif()

set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Most of a compiler's time goes to the headers, which a batch reads once; and it sees across files, which makes programs as
# fast as optimization at link time does. What is private to a file is not to the compiler then: a name in an anonymous
# namespace stands once in a library, and warnings that go by the file are for the other builds.
set(CMAKE_UNITY_BUILD ${WEIR_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
if(WEIR_UNITY)
    target_compile_options(weir_warnings INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

# One library per directory. Usage requirements flow through targets; nothing is set globally.
# A directory whose code is all in headers passes no SOURCES and becomes an INTERFACE library.
function(weir_add_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE")
    if(arg_SOURCES)
        add_library(${name} STATIC)
        target_sources(${name}
            PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS}
            PRIVATE ${arg_SOURCES})
        target_compile_features(${name} PUBLIC cxx_std_20)
        target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} weir::warnings weir::hardening)
        set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
    else()
        add_library(${name} INTERFACE)
        target_sources(${name} INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
        target_compile_features(${name} INTERFACE cxx_std_20)
        target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
    endif()
    add_library(weir::${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# A program of ours: weir_add_program(weir-proxy SOURCES ... PRIVATE libraries ...)
function(weir_add_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PRIVATE")
    add_executable(${name} ${arg_SOURCES})
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_link_libraries(${name} PRIVATE ${arg_PRIVATE} weir::warnings weir::hardening)
    target_link_options(${name} PRIVATE -pie)
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

# A GoogleTest program whose cases ctest lists one by one, named SUITE.CLAIM:
# weir_add_test(unit_protocol LABEL unit SOURCES ... PRIVATE libraries ...)
function(weir_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES;PRIVATE")
    add_executable(${name} ${arg_SOURCES})
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${arg_PRIVATE} GTest::gtest GTest::gtest_main weir::warnings weir::hardening)
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${arg_LABEL}/" PROPERTIES LABELS ${arg_LABEL} TIMEOUT 120)
endfunction()

# A libFuzzer program, fuzz_NAME, for inputs like those in tests/fuzz/corpus/NAME: weir_add_fuzzer(fuzz_lexer SOURCES ...
# PRIVATE libraries ...). Where WEIR_FUZZ is off, a program that only replays that corpus. ctest replays it in either case.
function(weir_add_fuzzer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PRIVATE")
    string(REGEX REPLACE "^fuzz_" "" corpus ${name})
    set(corpus_directory ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
    add_executable(${name} ${arg_SOURCES})
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${arg_PRIVATE} weir::warnings weir::hardening)
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
    if(WEIR_FUZZ)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        set(replay ${name} -runs=0 ${corpus_directory})
    else()
        target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
        set(replay ${name} ${corpus_directory})
    endif()
    add_test(NAME unit/fuzz_corpus.${corpus} COMMAND ${replay})
    set_tests_properties(unit/fuzz_corpus.${corpus} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
