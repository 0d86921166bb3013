using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Tests;

public sealed class Passwords
{
    [Fact]
    public void A_line_of_the_users_file_knows_its_password_and_no_other()
    {
        var line = UsersFile.HashPassword("bob", "pa:ss");
        Assert.StartsWith("bob:$argon2id$v=19$m=19456,t=2,p=1$", line, StringComparison.Ordinal);
        Assert.NotEqual(line, UsersFile.HashPassword("bob", "pa:ss"));
        var users = UsersFile.Parse(["# comment", "", line], "users");
        Assert.True(users.Matches("bob", "pa:ss"));
        Assert.False(users.Matches("bob", "pa"));
        Assert.False(users.Matches("eve", "pa:ss"));
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("bob:secret")]
    [InlineData("bob:$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("bob:$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_broken_line_is_named(string line) =>
        Assert.Contains("users, line 1", Assert.Throws<FormatException>(() => UsersFile.Parse([line], "users")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a\tb", "U+0009")]
    [InlineData("a\u001bb", "U+001B")]
    [InlineData("a\u202eb", "U+202E")]
    [InlineData(" a", "blank")]
    [InlineData("", "")]
    [InlineData("a:b", "colon")]
    [InlineData("#a", "#")]
    public void A_user_without_a_name_is_refused(string user, string part)
    {
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => UsersFile.HashPassword(user, "secret")).Message, StringComparison.Ordinal);
        if (user.Length == 0 || user.Contains(':') || user.StartsWith('#'))
            return;
        var wrong = Assert.Throws<FormatException>(() => UsersFile.Parse([$"{user}:{PasswordHash.Of("secret")}"], "users")).Message;
        Assert.Contains("users, line 1: The user name ", wrong, StringComparison.Ordinal);
        Assert.Contains(part, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_name_has_256_bytes_at_most()
    {
        Assert.True(UsersFile.Parse([UsersFile.HashPassword(new string('u', 256), "secret")], "users").Matches(new string('u', 256), "secret"));
        Assert.Contains("256 bytes", Assert.Throws<ArgumentException>(() => UsersFile.HashPassword(new string('u', 257), "secret")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_key_is_a_positive_number_in_base_36() => Assert.Matches("^[0-9a-z]{1,13}$", PreSharedKeyHandler.Generate());
}
