package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.sandbox.world.WorldFolder;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Both editors' launch files name things that exist. */
@Tag("S3.26")
class LaunchFilesTest {

  private static final Path ROOT = SandboxCommand.root();

  /** What a launch file starts. */
  record Launch(
      String file, String name, String main, String module, String arguments, String vmArguments) {

    @Override
    public String toString() {
      return file + ": " + name;
    }
  }

  @Test
  void bothEditorsStartTheSamePrograms() throws Exception {
    for (List<Launch> editor : List.of(ofVsCode(), ofIntelliJ())) {
      assertThat(editor)
          .extracting(Launch::name)
          .containsExactlyInAnyOrder("sandbox", "demo", "worker", "portage status");
    }
  }

  @ParameterizedTest
  @MethodSource("launches")
  void itsClassHasAMainInTheModuleItNames(Launch launch) throws ReflectiveOperationException {
    var main = Class.forName(launch.main()).getMethod("main", String[].class);
    assertThat(Modifier.isStatic(main.getModifiers())).isTrue();
    assertThat(
            ROOT.resolve(launch.module().replace("portage-", ""))
                .resolve("src/main/java")
                .resolve(launch.main().replace('.', '/') + ".java"))
        .isRegularFile();
  }

  @ParameterizedTest
  @MethodSource("launches")
  void itRunsWithTheOptionsThatTheLauncherGives(Launch launch) throws IOException {
    String launcher =
        Files.readString(ROOT.resolve("release/src/main/launcher/command.options"))
            + Files.readString(ROOT.resolve("release/src/main/launcher/worker.options"));
    for (String option : launch.vmArguments().split(" ", -1)) {
      if (!option.startsWith("-Dportage.root=")) {
        assertThat(launcher).contains(option);
      }
    }
  }

  @Test
  void aWorkerJoinsTheSandboxByItsPlatformFileAndItsOwnSecrets() throws Exception {
    WorldFolder folder = new WorldFolder(ROOT, ROOT.resolve(".portage/sandbox"));
    Path root = ROOT.toAbsolutePath();
    assertThat(launches().filter(launch -> launch.name().equals("worker")))
        .hasSize(2)
        .extracting(Launch::arguments)
        .containsOnly(
            "--workspaces dev --platform "
                + root.relativize(folder.platformFile())
                + " --secrets "
                + root.relativize(folder.worker("dev")));
  }

  /** What the launcher for Windows starts is what that of the others starts. */
  @Test
  void bothLaunchersOfACheckoutStartTheSamePrograms() throws IOException {
    String unix = Files.readString(ROOT.resolve("portage"));
    String windows = Files.readString(ROOT.resolve("portage.cmd"));

    for (String part :
        List.of(
            "dev.portage.command.PortageCommand",
            "dev.portage.worker.WorkerCommand",
            "dev.portage.sandbox.SandboxCommand",
            "PORTAGE_JAVA_HOME",
            "PORTAGE_JAVA_OPTS",
            "PORTAGE_CLASSPATH",
            "PORTAGE_PRINT_JAVA",
            "portage.aot",
            ".options",
            "Build.java")) {
      assertThat(unix).contains(part);
      assertThat(windows).contains(part);
    }
    // cmd.exe reads a file with line ends of Unix wrongly where it jumps in it.
    assertThat(windows.replace("\r\n", "")).doesNotContain("\n");
  }

  static Stream<Launch> launches() throws Exception {
    return Stream.concat(ofVsCode().stream(), ofIntelliJ().stream());
  }

  private static List<Launch> ofVsCode() throws IOException {
    JsonNode file = new ObjectMapper().readTree(ROOT.resolve(".vscode/launch.json").toFile());
    List<Launch> launches = new ArrayList<>();
    for (JsonNode entry : file.path("configurations")) {
      launches.add(
          new Launch(
              "launch.json",
              entry.path("name").asText(),
              entry.path("mainClass").asText(),
              entry.path("projectName").asText(),
              joined(entry.path("args")),
              joined(entry.path("vmArgs"))));
    }
    return launches;
  }

  private static String joined(JsonNode texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(text -> all.add(text.asText()));
    return String.join(" ", all);
  }

  private static List<Launch> ofIntelliJ() throws Exception {
    List<Launch> launches = new ArrayList<>();
    try (Stream<Path> files = Files.list(ROOT.resolve(".idea/runConfigurations"))) {
      for (Path file : files.sorted().toList()) {
        Document document =
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        Element configuration = elements(document.getElementsByTagName("configuration")).getFirst();
        Map<String, String> options = options(configuration);
        launches.add(
            new Launch(
                String.valueOf(file.getFileName()),
                configuration.getAttribute("name"),
                options.getOrDefault("MAIN_CLASS_NAME", ""),
                elements(configuration.getElementsByTagName("module"))
                    .getFirst()
                    .getAttribute("name"),
                options.getOrDefault("PROGRAM_PARAMETERS", ""),
                options.getOrDefault("VM_PARAMETERS", "")));
      }
    }
    return launches;
  }

  private static Map<String, String> options(Element configuration) {
    Map<String, String> options = new HashMap<>();
    for (Element option : elements(configuration.getElementsByTagName("option"))) {
      options.put(option.getAttribute("name"), option.getAttribute("value"));
    }
    return options;
  }

  private static List<Element> elements(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}
