using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Hosting;

namespace Wharf.Gateway.Tests;

/// <summary>Tests which web pages may call the server.</summary>
public sealed class Origins
{
    [Theory]
    [InlineData("http://evil.example", "127.0.0.1:10000", 403)]
    [InlineData("http://evil.example:10000", "evil.example:10000", 403)]
    [InlineData("null", "127.0.0.1:10000", 403)]
    [InlineData("http://localhost:8000", "localhost:10000", 403)]
    [InlineData("http://localhost.evil.example:10000", "localhost:10000", 403)]
    [InlineData("https://tables.example.com.evil.example", "127.0.0.1:10000", 403)]
    [InlineData("http://localhost:10000", "localhost:10000", 200)]
    [InlineData("http://127.0.0.1:10000", "127.0.0.1:10000", 200)]
    [InlineData("http://[::1]:10000", "[::1]:10000", 200)]
    [InlineData("https://tables.example.com", "wharf.example.com", 200)]
    [InlineData("HTTPS://Tables.Example.com", "wharf.example.com", 200)]
    public async Task A_page_of_another_origin_may_call_only_if_the_setting_names_it(string origin, string host, int status) =>
        Assert.Equal(status, await StatusAsync("POST", origin, host, "https://tables.example.com/"));

    [Fact]
    public async Task A_star_allows_every_origin() => Assert.Equal(200, await StatusAsync("POST", "http://evil.example", "127.0.0.1", "*"));

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 403)]
    [InlineData("PUT", 403)]
    public async Task Requests_that_only_read_need_no_permission(string method, int status) =>
        Assert.Equal(status, await StatusAsync(method, "http://evil.example", "127.0.0.1"));

    private static async Task<int> StatusAsync(string method, string origin, string host, params string[] allowed)
    {
        var options = new WebOptions();
        foreach (var one in allowed)
            options.AllowedOrigins.Add(one);
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Protocol = "HTTP/1.1";
        http.Request.Host = new HostString(host);
        http.Request.Headers.Origin = origin;
        await new AllowedOrigins(Options.Create(options)).InvokeAsync(http, static _ => Task.CompletedTask);
        return http.Response.StatusCode;
    }
}
