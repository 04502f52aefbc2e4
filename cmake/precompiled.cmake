# The headers of the standard library that nearly every file reads, compiled once: it halves the time of
# a build. The debug build has none of them and reads every header where it is named, so a
# file that forgot one is found there.
#
#   precompiled(TARGET)       for a target that is compiled like the program
#   precompiled_small(TARGET) for one that is compiled for size
#   precompiled_test(TARGET)  for a test, which is compiled without optimisation and reads GoogleTest
set(standard_headers
    <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <deque>
    <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread>
    <unordered_map> <utility> <variant> <vector>)

function(precompiled target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_precompile_headers(${target} REUSE_FROM precompiled_headers)
  endif()
endfunction()

function(precompiled_small target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_precompile_headers(${target} REUSE_FROM precompiled_small_headers)
  endif()
endfunction()

function(precompiled_test target)
  # Tests are compiled often and run briefly.
  target_compile_options(${target} PRIVATE -O0)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_precompile_headers(${target} REUSE_FROM precompiled_test_headers)
  endif()
endfunction()

if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Not written again where it is there, or each configuration would compile them again.
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cc CONTENT "")
  add_library(precompiled_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_precompile_headers(precompiled_headers PRIVATE ${standard_headers})

  add_library(precompiled_small_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_compile_options(precompiled_small_headers PRIVATE $<$<CONFIG:Release>:-Os>)
  target_precompile_headers(precompiled_small_headers PRIVATE ${standard_headers})

  add_library(precompiled_test_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_compile_options(precompiled_test_headers PRIVATE -O0)
  target_link_libraries(precompiled_test_headers PRIVATE GTest::gmock)
  target_precompile_headers(precompiled_test_headers PRIVATE ${standard_headers} <gmock/gmock.h> <gtest/gtest.h>)
endif()
