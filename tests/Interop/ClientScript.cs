using System.Globalization;
using Wharf.Interop.Python;

namespace Wharf.Interop;

/// <summary>A script of <c>scripts/</c>, run by the current client.</summary>
internal static class ClientScript
{
    public static async Task RunAsync(string script, IServerUnderTest server, string psk, params (string Name, string Value)[] more)
    {
        var environment = more.ToDictionary(pair => pair.Name, pair => (string?)pair.Value);
        environment["WHARF_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        environment["WHARF_PSK"] = psk;
        var output = await PythonEnvironment.Current.RunAsync([Path.Combine(AppContext.BaseDirectory, "scripts", script + ".py")], environment);
        Assert.Contains($"{script}: done", output, StringComparison.Ordinal);
    }
}
