using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Tests;

public sealed class AuthorizationHeaders
{
    [Theory]
    [InlineData("Basic abc def", "Basic|abc def")]
    [InlineData("Anonymous", "Anonymous|")]
    [InlineData("Bearer x y", "Bearer|x y;x|y")]
    [InlineData("Bearer Anonymous", "Bearer|Anonymous;Anonymous|")]
    [InlineData("Bearer ", "Bearer|")]
    [InlineData("", "|")]
    public void A_value_is_read_in_this_order(string value, string logins) =>
        Assert.Equal(logins, string.Join(';', AuthorizationHeader.Logins(value).Select(login => $"{login.Scheme}|{login.Payload}")));

    [Theory]
    [InlineData("deephaven-auth-cookie=abc", "abc")]
    [InlineData("deephaven-auth-cookie=a=b", null)]
    [InlineData("other=1; deephaven-auth-cookie=abc", null)]
    [InlineData("other=abc", null)]
    [InlineData("", null)]
    public void A_cookie_counts_alone(string header, string? token) => Assert.Equal(token, AuthorizationHeader.CookieToken(header));

    [Theory]
    [InlineData("YWJj", "abc")]
    [InlineData("YWI", "ab")]
    [InlineData("eHg=,YWJj", "abc")]
    [InlineData("***", null)]
    [InlineData(null, null)]
    public void Binary_metadata_is_base64_of_which_the_last_counts(string? header, string? text) => Assert.Equal(text, BinaryHeader.ReadText(header));
}
