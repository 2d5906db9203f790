# libtupu: the shared library, its headers <tupu/...>, the executable, and find_package(tupu).

include(CMakePackageConfigHelpers)

# The two targets behind the public headers go in whole; of the others, what they use.
add_library(tupu_shared SHARED $<TARGET_OBJECTS:tupu_base> $<TARGET_OBJECTS:tupu_database>)
target_link_libraries(tupu_shared PRIVATE
  tupu_database
  -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/libtupu.map)
set_target_properties(tupu_shared PROPERTIES
  OUTPUT_NAME tupu
  EXPORT_NAME tupu
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}  # 0.x: every minor version may break the ABI
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/libtupu.map)
target_compile_features(tupu_shared INTERFACE cxx_std_20)
target_include_directories(tupu_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
add_library(tupu::tupu ALIAS tupu_shared)

install(TARGETS tupu_shared EXPORT tupu-targets)
install(TARGETS tupu)
install(DIRECTORY storage/base/tupu engine/api/tupu DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(EXPORT tupu-targets NAMESPACE tupu:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tupu)
configure_package_config_file(cmake/tupu-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/tupu-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tupu)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tupu-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tupu-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/tupu-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tupu)
