package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.sandbox.PipelineStepsTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/pipeline.md, typed one after another as the page says. Git is real and
 * pushes to a repository in place of Azure Repos; what stands in for {@code az} notes what it is
 * asked and answers with an id.
 */
class PipelineGuideTest {

  private static final Path PAGE = SandboxCommand.root().resolve("docs/pipeline.md");
  private static final String SECRET = "the-api-key-of-temporal";
  private static final String ID = "11111111-2222-3333-4444-555555555555";

  private final Path folder;

  PipelineGuideTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  @Tag("S2.03")
  @Tag("S2.04")
  @Tag("S2.05")
  @Tag("S2.06")
  @Tag("S2.08")
  @Tag("S3.05")
  @Tag("S4.05")
  @Tag("S4.09")
  void itsCommandsLeadFromAnEmptyProjectToARun() throws IOException {
    prepare();

    Ran ran = type(String.join("\n", blocks(false)));

    assertThat(ran.code()).as(ran.out()).isZero();
    List<String> asked = Files.readAllLines(folder.resolve("asked"));
    // Nothing runs before it may: no first run that has to fail.
    assertThat(asked)
        .anySatisfy(line -> assertThat(line).startsWith("devops project create --name models"))
        .anySatisfy(line -> assertThat(line).contains("pipelines create", "--skip-first-run true"));
    assertThat(asked.getLast()).startsWith("pipelines run");
    assertThat(String.join("\n", asked) + ran.out()).doesNotContain(SECRET);

    JsonNode permit = json("permit.json").path("pipelines");
    assertThat(permit).as("one pipeline may use the connection").hasSize(1);
    assertThat(permit.get(0).path("id").asInt()).isEqualTo(12);
    assertThat(permit.get(0).path("authorized").asBoolean()).isTrue();
    assertThat(json("permit.json").has("allPipelines")).isFalse();

    JsonNode connection = json("connection.json");
    assertThat(connection.at("/authorization/scheme").asText())
        .isEqualTo("WorkloadIdentityFederation");
    assertThat(connection.at("/authorization/parameters").toString())
        .contains(ID)
        .doesNotContain("key", "password");
    assertThat(json("trust.json").path("subject").asText()).isEqualTo(ID);

    Path clone = folder.resolve("clone");
    assertThat(
            type("git clone --quiet git@ssh.dev.azure.com:v3/example/models/churn " + clone).code())
        .isZero();
    assertThat(clone.resolve("promotion.yaml")).exists();
  }

  @Test
  @Tag("S4.06")
  void theCodeCanBeImportedOrStayOnGitHub() throws IOException {
    prepare();

    Ran ran = type(blocks(true).getFirst());

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(Files.readString(folder.resolve("asked"))).contains("repos import create");
    assertThat(Files.readString(PAGE)).contains("--repository-type github");
  }

  @Test
  @Tag("S2.02")
  @Tag("S3.06")
  void itSaysWhereAnOrganizationIsFromAndHowToSignInAlsoToAServerOfOnesOwn() throws IOException {
    prepare();

    assertThat(Files.readString(PAGE))
        .contains("sign up at dev.azure.com")
        .contains("az devops login --organization https://SERVER/COLLECTION");
    assertThat(type(blocks(false).getFirst()).code()).isZero();
    assertThat(Files.readAllLines(folder.resolve("asked")))
        .contains(
            "login",
            "devops configure --defaults organization=https://dev.azure.com/example project=models");
  }

  @Test
  @Tag("S3.07")
  void everySettingOfTheTemplateIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    PipelineFile.TEMPLATE
        .yaml()
        .path("parameters")
        .forEach(
            parameter -> assertThat(page).contains("`" + parameter.path("name").asText() + "`"));
  }

  /** The blocks that are typed, or those that may be typed instead. */
  private static List<String> blocks(boolean instead) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block =
        Pattern.compile("(<!-- pipeline: instead -->\n)?```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    while (block.find()) {
      if (block.group(1) != null == instead) {
        blocks.add(String.valueOf(block.group(2)));
      }
    }
    assertThat(blocks).isNotEmpty();
    return blocks;
  }

  private void prepare() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path az = bin.resolve("az");
    Files.writeString(
        az,
        """
        #!/bin/sh
        echo "$*" >>'%1$s/asked'
        case "$*" in
          'pipelines create'*) echo 12 ;;
          *'--output tsv'*) echo %2$s ;;
        esac
        """
            .formatted(folder, ID));
    Files.setPosixFilePermissions(az, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve(".gitconfig"),
        """
        [user]
          name = Ana
          email = ana@example.com
        [init]
          defaultBranch = main
        [url "%s/azure.git"]
          insteadOf = git@ssh.dev.azure.com:v3/example/models/churn
        """
            .formatted(folder));
    Ran ran =
        type(
            """
            git init --quiet --bare '%s/azure.git'
            git init --quiet .
            echo 'model: churn' >promotion.yaml
            git add . && git commit --quiet --message churn
            printf %%s '%s' >api-key.txt
            """
                .formatted(folder, SECRET));
    assertThat(ran.code()).as(ran.out()).isZero();
  }

  private Ran type(String commands) throws IOException {
    Path project = Files.createDirectories(folder.resolve("churn"));
    return PipelineStepsTest.run(
        "set -euo pipefail\n" + commands,
        project,
        Map.of("PATH", folder.resolve("bin") + ":/usr/bin:/bin", "HOME", folder.toString()));
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("churn").resolve(file).toFile());
  }
}
