#!/usr/bin/env bash
# Grpc.AspNetCore.Server 2.85.0 and Grpc.Net.Client 2.85.0: values of binary metadata are sent with base64 padding.
#
# Expected: The value of a "-bin" header or trailer is base64 without padding characters.
#   Source: the gRPC specification "gRPC over HTTP2" (PROTOCOL-HTTP2.md), section "Requests", about Custom-Metadata:
#   implementations must accept padded and un-padded values and should emit un-padded values. gRPC for Go was changed
#   for this reason (grpc/grpc-go pull request 1209). The review of grpc/grpc-dotnet pull request 98 quotes the rule.
# Seen: The server pads the values of trailers, and the client pads the values of request headers.
# Consequence: Raw values differ between gRPC implementations. A proxy, recorder or test must compare the decoded bytes,
#   not the raw headers. A peer that decodes only the un-padded form rejects the values.
#
# Output:
#   trailer of the server, one byte: AQ==
#   trailer of the server, two bytes: AQI=
#   request header of the client, one byte: AQ==
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
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Grpc.AspNetCore.Server" Version="[2.85.0]" />
    <PackageReference Include="Grpc.Net.Client" Version="[2.85.0]" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CSHARP'
using System.Net;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc();
builder.Services.AddSingleton<IServiceMethodProvider<EchoService>, EchoMethods>();
await using var app = builder.Build();
app.MapGrpcService<EchoService>();
await app.StartAsync();
var address = app.Urls.First();

// HttpClient returns the trailers of the server as they are on the wire. The body is one empty message.
using var http = new HttpClient();
using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/finding.Echo/Call")
{
    Version = HttpVersion.Version20,
    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    Content = new ByteArrayContent(new byte[5]),
};
request.Content.Headers.ContentType = new("application/grpc");
request.Headers.TE.ParseAdd("trailers");
using var response = await http.SendAsync(request);
await response.Content.ReadAsByteArrayAsync();
var oneByte = response.TrailingHeaders.GetValues("one-bin").Single();
var twoBytes = response.TrailingHeaders.GetValues("two-bin").Single();
Console.WriteLine($"trailer of the server, one byte: {oneByte}");
Console.WriteLine($"trailer of the server, two bytes: {twoBytes}");

using var channel = GrpcChannel.ForAddress(address);
var metadata = new Metadata { { "one-bin", new byte[] { 1 } } };
await channel.CreateCallInvoker().AsyncUnaryCall(EchoMethods.Call, host: null, new CallOptions(metadata), []);
Console.WriteLine($"request header of the client, one byte: {EchoService.LastHeader}");

await app.StopAsync();
var unchanged = oneByte == "AQ==" && twoBytes == "AQI=" && EchoService.LastHeader == "AQ==";
Console.WriteLine(unchanged ? "as recorded" : "changed");
return unchanged ? 0 : 1;

internal sealed class EchoService
{
    public static string LastHeader { get; private set; }

    public Task<byte[]> Call(byte[] message, ServerCallContext context)
    {
        LastHeader = context.GetHttpContext().Request.Headers["one-bin"];
        context.ResponseTrailers.Add("one-bin", [1]);
        context.ResponseTrailers.Add("two-bin", [1, 2]);
        return Task.FromResult(message);
    }
}

// The method has bytes as messages, so that no generated code is needed.
internal sealed class EchoMethods : IServiceMethodProvider<EchoService>
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    public static Method<byte[], byte[]> Call { get; } = new(MethodType.Unary, "finding.Echo", "Call", Bytes, Bytes);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EchoService> context) =>
        context.AddUnaryMethod(Call, [], static (service, message, call) => service.Call(message, call));
}
CSHARP

dotnet build Finding.csproj --configuration Release --output out --verbosity quiet >build.log || { cat build.log; exit 2; }
dotnet out/Finding.dll
