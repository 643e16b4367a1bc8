package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S1.24")
class ServerAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://adb-1.2.azuredatabricks.net",
        "https://ADB-1.2.AzureDatabricks.net/",
        "https://adb-1.2.azuredatabricks.net.:443",
        "HTTPS://adb-1.2.azuredatabricks.net./",
        "https://adb-1.2.azuredatabricks.net//"
      })
  void oneAddressIsOneHoweverItIsWritten(String written) {
    assertThat(of(written)).isEqualTo(of("https://adb-1.2.azuredatabricks.net"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://a,https://b",
    "https://a,https://a:8443",
    "http://a,https://a",
    "http://a/mlflow,http://a/other"
  })
  void othersAreOthers(String one, String other) {
    assertThat(of(one)).isNotEqualTo(of(other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:5000", "http://[::1]:5000", "http://LOCALHOST.:5000/"})
  void thisMachineHasSeveralNames(String written) {
    assertThat(of(written)).isEqualTo(of("http://127.0.0.1:5000"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://adb-1.2.azuredatabricks.net,https://adb-3.4.azuredatabricks.net,true",
    "https://adb-1.2.azuredatabricks.net,https://adb-1.7.azuredatabricks.net,false",
    "https://adb-1.2.azuredatabricks.net,https://adb-dp-1.2.azuredatabricks.net,false",
    "https://adb-1.2.azuredatabricks.net,https://westeurope.azuredatabricks.net,false",
    "https://1.2.gcp.databricks.com,https://3.4.gcp.databricks.com,true",
    "https://dbc-a1-b2.cloud.databricks.com,https://dbc-a1-b3.cloud.databricks.com,true",
    "https://dbc-a1-b2.cloud.databricks.com,https://acme.cloud.databricks.com,false",
    "https://databricks.example.com,https://adb-1.2.azuredatabricks.net,false"
  })
  void twoAddressesAreSurelyTwoWorkspacesOnlyWhereEachNamesItsOwn(
      String one, String other, boolean surely) {
    assertThat(of(one).isSurelyAnotherThan(of(other))).isEqualTo(surely);
    assertThat(of(other).isSurelyAnotherThan(of(one))).isEqualTo(surely);
  }

  private static ServerAddress of(String written) {
    return ServerAddress.of(URI.create(written));
  }
}
