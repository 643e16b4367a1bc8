package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class MlflowPagesTest {

  @Test
  void mlflowsOwnPagesFollowTheHash() {
    MlflowPages pages = MlflowPages.ofMlflow(URI.create("https://mlflow.example.com/team/"));

    assertThat(pages.run("1", "abc"))
        .hasToString("https://mlflow.example.com/team/#/experiments/1/runs/abc");
    assertThat(pages.version("churn model", "7"))
        .hasToString("https://mlflow.example.com/team/#/models/churn%20model/versions/7");
  }

  @Test
  void databricksHasItsOwnAndUnityCatalogAnother() {
    MlflowPages pages =
        MlflowPages.ofDatabricks(URI.create("https://adb-1111111111111111.1.azuredatabricks.net"));

    assertThat(pages.run("1", "abc"))
        .hasToString(
            "https://adb-1111111111111111.1.azuredatabricks.net/ml/experiments/1/runs/abc");
    assertThat(pages.version("churn", "7"))
        .hasToString(
            "https://adb-1111111111111111.1.azuredatabricks.net/ml/models/churn/versions/7");
    assertThat(pages.version("prod.ml.churn", "7"))
        .hasToString(
            "https://adb-1111111111111111.1.azuredatabricks.net"
                + "/explore/data/models/prod/ml/churn/version/7");
  }

  @Test
  void thereIsNoLinkWithoutPages() {
    assertThat(MlflowPages.none().run("1", "abc")).isNull();
    assertThat(MlflowPages.none().version("churn", "7")).isNull();
  }
}
