#!/usr/bin/env bash
# Microsoft.Orleans.Server 10.4.2 on Linux: two silos bind the same silo and gateway endpoints, and neither reports an error.
#
# Expected: The second silo fails to start with AddressInUseException, as a second Kestrel server on the same port does.
#   Source: the listener of Orleans (SocketConnectionListener) converts SocketError.AddressAlreadyInUse into that
#   exception. A maintainer states in dotnet/orleans issue 5329 that silos cannot share an IP address and port.
# Seen: Both silos start and listen on both ports. The listener sets SocketOptionName.ReuseAddress, which .NET on Linux
#   translates to SO_REUSEADDR and SO_REUSEPORT. microsoft/garnet issue 2119 describes the same cause.
# Consequence: A silo that the same user starts twice by mistake is not detected. Linux distributes new connections over
#   both listeners (socket(7), SO_REUSEPORT), so a connection can reach the wrong silo. Check the ports before the start.
#
# Output:
#   first silo: started
#   socket without ReuseAddress, silo port: AddressAlreadyInUse
#   socket without ReuseAddress, gateway port: AddressAlreadyInUse
#   second silo: started
#   the silo addresses have the same endpoint: True
#   listeners on the silo port: 2
#   listeners on the gateway port: 2
#   as recorded
set -euo pipefail

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"
cd "$work"
export TMPDIR="$work/tmp" NUGET_PACKAGES="$work/packages" MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' >"$name"; done

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="[10.4.2]" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CSHARP'
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;

var (siloPort, gatewayPort) = FreePorts();

using var first = Silo("first");
await first.StartAsync();
Console.WriteLine("first silo: started");
Console.WriteLine($"socket without ReuseAddress, silo port: {Bind(siloPort)}");
Console.WriteLine($"socket without ReuseAddress, gateway port: {Bind(gatewayPort)}");

using var second = Silo("second");
try
{
    await second.StartAsync();
}
catch (Exception exception)
{
    Console.WriteLine($"second silo: {exception.GetType().Name}: {exception.Message}");
    Console.WriteLine("changed");
    return 1;
}

Console.WriteLine("second silo: started");
var sameEndpoint = Address(first).Endpoint.Equals(Address(second).Endpoint);
Console.WriteLine($"the silo addresses have the same endpoint: {sameEndpoint}");
var (siloListeners, gatewayListeners) = (Listeners(siloPort), Listeners(gatewayPort));
Console.WriteLine($"listeners on the silo port: {siloListeners}");
Console.WriteLine($"listeners on the gateway port: {gatewayListeners}");

await second.StopAsync();
await first.StopAsync();
var unchanged = sameEndpoint && siloListeners == 2 && gatewayListeners == 2;
Console.WriteLine(unchanged ? "as recorded" : "changed");
return unchanged ? 0 : 1;

// Each silo is a cluster of its own, with its membership in memory.
IHost Silo(string clusterId) => Host.CreateDefaultBuilder()
    .ConfigureLogging(static logging => logging.ClearProviders())
    .UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort, primarySiloEndpoint: null, serviceId: "finding", clusterId))
    .Build();

static SiloAddress Address(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

static int Listeners(int port) =>
    IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Count(endpoint => endpoint.Port == port);

static string Bind(int port)
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    try
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return "bound";
    }
    catch (SocketException exception)
    {
        return exception.SocketErrorCode.ToString();
    }
}

static (int First, int Second) FreePorts()
{
    using var first = new TcpListener(IPAddress.Loopback, 0);
    using var second = new TcpListener(IPAddress.Loopback, 0);
    first.Start();
    second.Start();
    return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
}
CSHARP

dotnet build Finding.csproj --configuration Release --output out --verbosity quiet >build.log || { cat build.log; exit 2; }
dotnet out/Finding.dll
