package dev.portage.distribution;

import java.util.Arrays;
import java.util.stream.Collectors;

/** An operating system and a processor that there is an archive for. */
enum Platform {
  LINUX_X64("linux-x64", "manylinux_2_17_x86_64", Machine.ELF_X64),
  LINUX_ARM64("linux-arm64", "manylinux_2_17_aarch64", Machine.ELF_ARM64),
  MACOS_X64("macos-x64", "macosx_10_9_x86_64", Machine.MACH_O_X64),
  MACOS_ARM64("macos-arm64", "macosx_11_0_arm64", Machine.MACH_O_ARM64),
  WINDOWS_X64("windows-x64", "win_amd64", Machine.PE_X64);

  private final String text;
  private final String tag;
  private final Machine machine;

  Platform(String text, String tag, Machine machine) {
    this.text = text;
    this.tag = tag;
    this.machine = machine;
  }

  /** Which machine its programs run on. */
  Machine machine() {
    return machine;
  }

  /** Python's tag for it, with which the file of its runtime ends. */
  String tag() {
    return tag;
  }

  boolean isWindows() {
    return this == WINDOWS_X64;
  }

  /** Its Java, below the folder of the runtime. */
  String java() {
    return isWindows() ? "bin/java.exe" : "bin/java";
  }

  /** How the archive's name ends: tar keeps which files are programs, and Windows unpacks zip. */
  String ending() {
    return isWindows() ? ".zip" : ".tar.gz";
  }

  /**
   * The platform of a name such as {@code linux-x64}.
   *
   * @throws ReleaseException when there is none; the message lists those there are
   */
  static Platform of(String text) {
    return Arrays.stream(values())
        .filter(platform -> platform.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new ReleaseException(
                "there is no platform \""
                    + text
                    + "\"; there are: "
                    + Arrays.stream(values())
                        .map(Platform::toString)
                        .collect(Collectors.joining(", "))));
  }

  /** As it stands in the archive's name. */
  @Override
  public String toString() {
    return text;
  }
}
