using System.Globalization;
using Wharf.Protocol.Grpc;

namespace Wharf.Conformance.Tests;

public abstract class ConfigurationConstants(ConformanceServer server)
{
    [Fact]
    public async Task The_life_of_a_token_is_told_as_a_whole_number_of_milliseconds()
    {
        var values = await ConfigurationAsync();

        Assert.Equal(300_000, int.Parse(values["http.session.durationMs"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_constants_of_the_web_client_have_their_defaults()
    {
        var values = await ConfigurationAsync();

        Assert.Equal("/", values["file.separator"]);
        Assert.Equal("/layouts", values["web.storage.layout.directory"]);
        Assert.Equal("/notebooks", values["web.storage.notebook.directory"]);
        Assert.Equal(("true", "true", "false"), (values["web.webgl"], values["web.webgl.editable"], values["web.flattenViewports"]));
    }

    [Fact]
    public async Task The_logins_that_are_offered_are_named()
    {
        var answer = await new ConfigService.ConfigServiceClient(server.Channel).GetAuthenticationConstantsAsync(new AuthenticationConstantsRequest());

        Assert.Equal(["AuthHandlers"], answer.ConfigValues.Keys);
        Assert.Equal(2, answer.ConfigValues["AuthHandlers"].StringValue.Split(',').Length);
    }

    private async Task<Dictionary<string, string>> ConfigurationAsync()
    {
        await using var session = await server.LoginAsync();
        var answer = await new ConfigService.ConfigServiceClient(server.Channel).GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), session.Headers);
        return answer.ConfigValues.ToDictionary(pair => pair.Key, pair => pair.Value.StringValue);
    }
}
