package dev.portage.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    "file:///home/ana/models, file:///home/ana/models, gitHub",
    "org@vs-ssh.visualstudio.com:v3/org/My%20Project/repo, https://dev.azure.com/org/My%20Project/_git/repo, azureDevOpsServices",
    "ssh://org@vs-ssh.visualstudio.com:22/DefaultCollection/ml/_ssh/repo, https://org.visualstudio.com/DefaultCollection/ml/_git/repo, azureDevOpsServices",
    "org@vs-ssh.visualstudio.com:22/ml/_ssh/repo, https://org.visualstudio.com/ml/_git/repo, azureDevOpsServices",
    "ssh://git@ssh.dev.azure.com/v3/org/My Project/repo, https://dev.azure.com/org/My%20Project/_git/repo, azureDevOpsServices",
    "ssh://git@ssh.dev.azure.com:22/v3/org/ml/repo/, https://dev.azure.com/org/ml/_git/repo, azureDevOpsServices",
    "https://user:token@dev.azure.com/org/proj/_git/repo, https://dev.azure.com/org/proj/_git/repo, azureDevOpsServices",
    "https://org.visualstudio.com/DefaultCollection/_git/x, https://org.visualstudio.com/DefaultCollection/_git/x, azureDevOpsServices",
    "https://tfs.example.com/tfs/Main/ml/_git/x, https://tfs.example.com/tfs/Main/ml/_git/x, azureDevOpsServices",
    "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/m, https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/m, awsCodeCommit",
    "ssh://APKAEXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/m, https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/m, awsCodeCommit",
    "codecommit::eu-west-1://profile@m, https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/m, awsCodeCommit",
    "ssh://git@ssh.github.com:443/o/r.git, https://github.com/o/r.git, gitHub",
    "git@ssh.github.com:o/r.git, https://github.com/o/r.git, gitHub",
    "ssh://git@altssh.bitbucket.org:443/t/r.git, https://bitbucket.org/t/r.git, bitbucketCloud",
    "ssh://git@altssh.gitlab.com:443/g/s/r.git, https://gitlab.com/g/s/r.git, gitLab",
    "git@github.com-work:o/r.git, https://github.com/o/r.git, gitHub",
    "git@gitlab.com_work:g/sub/deep/r.git, https://gitlab.com/g/sub/deep/r.git, gitLab",
    "git@GitHub.com:/o/r.git/, https://github.com/o/r.git, gitHub",
    "github.com:o/r, https://github.com/o/r, gitHub",
    "git@[github.com:22]:o/r.git, https://github.com/o/r.git, gitHub",
    "git+ssh://git@github.com/o/r.git, https://github.com/o/r.git, gitHub",
    "git://github.com/o/r.git, https://github.com/o/r.git, gitHub",
    "http://www.github.com/o/r, https://github.com/o/r, gitHub",
    "https://github.com:443/o/r/, https://github.com/o/r, gitHub",
    "https://github.com/o/r?tab=readme#top, https://github.com/o/r, gitHub",
    "https://me:pa@ss:w@github.com/o/r, https://github.com/o/r, gitHub",
    "https://gitlab.example.com/g/sub/r.git, https://gitlab.example.com/g/sub/r.git, gitLabEnterpriseEdition",
    "ssh://git@gitlab.example.com:2222/g/sub/r.git, https://gitlab.example.com/g/sub/r.git, gitLabEnterpriseEdition",
    "https://git.example.com/scm/PROJ/repo.git, https://git.example.com/scm/PROJ/repo.git, bitbucketServer",
    "ssh://git@git.example.com:7999/PROJ/repo.git, https://git.example.com/scm/PROJ/repo.git, bitbucketServer",
    "ssh://git@bitbucket.example.com/~ana/repo.git, https://bitbucket.example.com/scm/~ana/repo.git, bitbucketServer",
    "https://team.ghe.com/o/r.git, https://team.ghe.com/o/r.git, gitHubEnterprise",
    "https://[2001:db8::1]:8443/o/r.git, https://[2001:db8::1]:8443/o/r.git, gitHubEnterprise",
    "git@[2001:db8::1]:o/r.git, https://[2001:db8::1]/o/r.git, gitHubEnterprise"
  })
  void aGitAddressBecomesOneThatAWorkspaceCanRead(String address, String url, String provider) {
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C:\\repos\\m",
        "C:/repos/m",
        "c:m",
        "\\\\server\\share\\m",
        "//server/share/m",
        "file://server/share/m",
        "/srv/models",
        "../models",
        "~/models",
        "models",
        "git@work:o/r.git",
        "git@work.github.com:o/r.git",
        "git@github-work:o/r.git",
        "ssh://git@work/o/r.git",
        "git@ssh.dev.azure.com:o/r",
        "org@vs-ssh.visualstudio.com:o/r",
        "git://git.example.com/o/r.git",
        "codecommit://m",
        "ext::sh -c true",
        "https://github.com",
        "https://github.com/",
        "https://github.com:0/o/r",
        "https://github.com:99999/o/r",
        "https:///o/r",
        "https://git hub.com/o/r",
        "https://github.com/o/r\n##vso[task.complete]",
        ""
      })
  void anAddressThatNoWorkspaceCanReadIsRefusedWithAnAlternative(String address) {
    assertThatThrownBy(() -> GitRepository.of(address))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("--repository https://HOST/PATH")
        .hasMessageNotContaining("o/r");
  }

  @ParameterizedTest
  @CsvSource({
    "https://team@dev.azure.com/team/ml/_git/models, git@ssh.dev.azure.com:v3/team/ml/models, true",
    "https://team.visualstudio.com/DefaultCollection/ml/_git/ml, https://dev.azure.com/team/_git/ml, true",
    "https://github.com/Team/Models.git, git@github.com-work:team/models, true",
    "https://github.com/team/models, https://github.com/team/other, false",
    "https://github.com/team/models, https://github.example.com/team/models, false"
  })
  void oneRepositoryHasManyAddresses(String one, String other, boolean same) {
    assertThat(GitRepository.same(one, other)).contains(same);
    assertThat(GitRepository.same(other, one)).contains(same);
    assertThat(GitRepository.same(one, "C:\\repos\\m")).isEmpty();
  }
}
