package dev.portage.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {

  @Test
  void readsLinesWithoutCommentsAndWithIncludedFiles() {
    Requirements read =
        Requirements.read(
            "ml/requirements.txt",
            Map.of(
                "ml/requirements.txt",
                """
                # what training needs
                -i https://pypi.example.com/simple
                scikit-learn>=1.5,<2   # pinned by the platform
                torch==2.6.0 ; \\
                  python_version < "3.13"
                -r base/requirements.txt
                --requirement=../requirements.txt
                ray[tune]
                git+https://github.com/example/features@v1
                """,
                "ml/base/requirements.txt",
                "numpy\r\n-r../requirements.txt\r\n",
                "requirements.txt",
                "pandas"));

    assertThat(read.faults()).isEmpty();
    assertThat(read.lines())
        .containsExactly(
            "--index-url https://pypi.example.com/simple",
            "scikit-learn>=1.5,<2",
            "torch==2.6.0 ; python_version < \"3.13\"",
            "numpy",
            "pandas",
            "ray[tune]",
            "git+https://github.com/example/features@v1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -e .                          | requirements.txt:2 has the option -e, which workspaces don't support
          -c constraints.txt            | requirements.txt:2 has the option -c, which workspaces don't support
          --find-links dist             | requirements.txt:2 has the option --find-links, which workspaces don't support
          ./dist/churn.whl              | requirements.txt:2 is a path; a workspace installs packages, and wheels that libraries names by full path
          -r gone/requirements.txt      | requirements.txt:2 includes gone/requirements.txt, which is not in the commit
          shap=0.46                     | requirements.txt:2 is not a requirement that pip can read
          scikit learn                  | requirements.txt:2 is not a requirement that pip can read
          version https://git-lfs.github.com/spec/v1 | requirements.txt:2 is not a requirement that pip can read
          --index-url https://${HOST}/s | requirements.txt:2 contains a variable, which no workspace replaces
          """)
  void unsupportedLinesAreNamedWithTheirNumber(String line, String fault) {
    assertThat(
            Requirements.read("requirements.txt", Map.of("requirements.txt", "numpy\n" + line))
                .faults())
        .containsExactly(fault);
  }

  @Test
  void aLineAfterAContinuationKeepsItsNumber() {
    assertThat(
            Requirements.read(
                    "requirements.txt", Map.of("requirements.txt", "a \\\n  ; x\n\n-e .\n"))
                .faults())
        .containsExactly("requirements.txt:4 has the option -e, which workspaces don't support");
  }

  @Test
  void linesThatOnlyAnEnvironmentAcceptsAreNamed() {
    Requirements read =
        Requirements.read(
            "requirements.txt",
            Map.of(
                "requirements.txt",
                "--extra-index-url https://pypi.example.com\nnumpy==2.1 --hash=sha256:0a\n"));

    assertThat(read.faults()).isEmpty();
    assertThat(read.faultsOnCluster())
        .containsExactly(
            "--extra-index-url https://pypi.example.com: a cluster installs from one index only, set with --index-url",
            "numpy==2.1: a cluster can't check hashes");
  }
}
