using System.Globalization;
using System.Reflection;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>Returns configuration values to clients.</summary>
internal sealed class ConfigServiceHandler(LoginHandlers handlers, IOptions<GatewayOptions> options, IOptions<GatewaySessionOptions> sessions)
    : Wire.ConfigService.ConfigServiceBase
{
    private readonly Wire.AuthenticationConstantsResponse _authentication = new()
    {
        ConfigValues = { [WireNames.AuthHandlers] = new Wire.ConfigValue { StringValue = handlers.Advertised } },
    };

    private readonly Wire.ConfigurationConstantsResponse _configuration = Fill(new(), options.Value, sessions.Value);

    [NoSession]
    [NoPermission]
    public override Task<Wire.AuthenticationConstantsResponse> GetAuthenticationConstants(
        Wire.AuthenticationConstantsRequest request, ServerCallContext context) => Task.FromResult(_authentication);

    [NoPermission]
    public override Task<Wire.ConfigurationConstantsResponse> GetConfigurationConstants(
        Wire.ConfigurationConstantsRequest request, ServerCallContext context) => Task.FromResult(_configuration);

    private static Wire.ConfigurationConstantsResponse Fill(Wire.ConfigurationConstantsResponse response, GatewayOptions options, GatewaySessionOptions sessions)
    {
        Set(response.ConfigValues, WireNames.SessionDurationMilliseconds, ((long)sessions.Duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        Set(response.ConfigValues, "deephaven.version", ProductVersion);
        Set(response.ConfigValues, "file.separator", "/");
        Set(response.ConfigValues, "web.storage.layout.directory", "/layouts");
        Set(response.ConfigValues, "web.storage.notebook.directory", "/notebooks");
        Set(response.ConfigValues, "web.webgl", "true");
        Set(response.ConfigValues, "web.webgl.editable", "true");
        Set(response.ConfigValues, "web.flattenViewports", "false");
        foreach (var (key, value) in options.ClientConfiguration)
            Set(response.ConfigValues, key, value);
        return response;
    }

    private static string ProductVersion =>
        typeof(ConfigServiceHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static void Set(MapField<string, Wire.ConfigValue> values, string key, string value) => values[key] = new Wire.ConfigValue { StringValue = value };
}
