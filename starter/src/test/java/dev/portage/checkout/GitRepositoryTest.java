package dev.portage.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitRepositoryTest {

  @ParameterizedTest
  @CsvSource({
    "https://github.com/team/models.git, https://github.com/team/models.git, gitHub",
    "git@github.com:team/models.git, https://github.com/team/models.git, gitHub",
    "ssh://git@gitlab.com/team/models.git, https://gitlab.com/team/models.git, gitLab",
    "https://team@dev.azure.com/team/ml/_git/models, https://dev.azure.com/team/ml/_git/models, azureDevOpsServices",
    "git@ssh.dev.azure.com:v3/team/ml/models, https://dev.azure.com/team/ml/_git/models, azureDevOpsServices",
    "https://team.visualstudio.com/ml/_git/models, https://team.visualstudio.com/ml/_git/models, azureDevOpsServices",
    "https://git.example.com:8443/models, https://git.example.com:8443/models, gitHubEnterprise",
    "file:///home/ana/models, file:///home/ana/models, gitHub"
  })
  void anAddressBecomesOneThatAWorkspaceCanRead(String address, String url, String provider) {
    assertThat(GitRepository.of(address)).isEqualTo(new GitRepository(url, provider));
  }

  @Test
  void aLoginInTheAddressIsDropped() {
    assertThat(GitRepository.of("https://me:hunter2@github.com/team/models").url())
        .isEqualTo("https://github.com/team/models");
  }

  @Test
  void anUnusableAddressIsNotRepeated() {
    assertThatThrownBy(() -> GitRepository.of("ftp://me:hunter2@example.com/x"))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("--repository")
        .message()
        .doesNotContain("hunter2");
    assertThatThrownBy(() -> GitRepository.of("/srv/models")).isInstanceOf(CheckoutException.class);
  }
}
