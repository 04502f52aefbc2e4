# room(NAME SMALL USES ROOM... WITH LIBRARY... LABEL LABEL)
#
# A room is a folder, a namespace and a static library of the same name. USES names the rooms it may
# use (docs/architecture.md has the table, tests/rooms_test.py holds the includes to it); WITH names
# libraries from outside; LABEL is that of its tests, "fast" unless they need a real server. A SMALL room
# waits for others more than it reckons, and is compiled for size, which is memory of every server. Files that
# end in _test.cc become the program NAME_test; a main.cc is a program that the room declares beside it.
function(room name)
  cmake_parse_arguments(room "SMALL" "LABEL" "USES;WITH" ${ARGN})
  if(NOT room_LABEL)
    set(room_LABEL fast)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    return()
  endif()

  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${room_USES} ${room_WITH} Threads::Threads)
  if(room_SMALL)
    precompiled_small(${name})
  else()
    precompiled(${name})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE PAWL_SOURCE_DIRECTORY="${PROJECT_SOURCE_DIR}")
    precompiled_test(${name}_test)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}/"
                         PROPERTIES LABELS ${room_LABEL} TIMEOUT 120)
  endif()
endfunction()
