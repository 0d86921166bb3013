using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Telemetry;

namespace Wharf.Gateway.Edge;

/// <summary>
/// Middleware that runs before gRPC's. It finds the caller by the headers of the call, refuses a call without a session before its request is read, and reads the request of a call
/// that sends one message within limits. It does not read the messages of streams.
/// </summary>
internal sealed class CallAdmission(
    RequestDelegate next,
    ICallerAdmission callers,
    RequestLimits limits,
    UnauthenticatedUse unauthenticated,
    FaultTranslation faults,
    GatewayInstruments instruments,
    IOptions<GatewayOptions> options,
    TimeProvider time)
{
    private readonly TimeSpan _streamTime = options.Value.StreamTimeWithoutSession;
    private readonly TimeSpan _bodyTime = options.Value.RequestBodyTimeout;
    private readonly RequestBody _body = new(time, options.Value.HandshakeTimeout, options.Value.MinRequestBytesPerSecond);

    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is { } method && IsGrpc(http.Request) ? AdmitAsync(http, method) : next(http);

    private async Task AdmitAsync(HttpContext http, IMethod method)
    {
        UnauthenticatedCall? call = null;
        try
        {
            try
            {
                // A login is a call without a session until it has succeeded.
                if (!callers.HasToken(http))
                    call = Begin(http, method);
                if (await callers.AdmitAsync(http, http.Request.Path.Value!, http.RequestAborted))
                    call?.Leave();
                else
                    call ??= Begin(http, method);
                await ReadAsync(http, method, call is { HasLeft: false } ? call : null);
            }
            catch (Exception exception)
            {
                await RefuseAsync(http, exception);
                return;
            }

            await RunAsync(http, method);
        }
        finally
        {
            call?.Dispose();
        }
    }

    private async Task RunAsync(HttpContext http, IMethod method)
    {
        var response = DeadlineResponse.Open(http);
        await next(http);
        // gRPC writes the one message of an answer after the handler has returned, where no interceptor observes it.
        if (response?.Interrupted is { } interrupted && method.Type is MethodType.Unary or MethodType.ClientStreaming)
            faults.CountBroken(interrupted.InnerException!, http.Request.Path.Value!);
    }

    private async ValueTask ReadAsync(HttpContext http, IMethod method, UnauthenticatedCall? call)
    {
        if (method.Type is MethodType.Unary or MethodType.ServerStreaming)
        {
            await _body.WaitAsync(
                http.Request,
                call is null ? limits.Of(method) : Math.Min(limits.WithoutSession, limits.Of(method)),
                call is null && RequestLimits.IsMessage(method) ? TimeSpan.MaxValue : _bodyTime,
                call?.Part);
        }
        else
        {
            call?.LimitMessages(http, limits.WithoutSession);
        }
    }

    private UnauthenticatedCall Begin(HttpContext http, IMethod method)
    {
        bool isStream = method.Type != MethodType.Unary;
        return UnauthenticatedCall.Begin(http, unauthenticated.Enter(ClientAddress.Of(http), isStream), isStream ? _streamTime : null, time);
    }

    private async Task RefuseAsync(HttpContext http, Exception exception)
    {
        var fault = await faults.TranslateAsync(exception, http, http.RequestAborted, http.Request.Path.Value!);
        instruments.CallRefused(fault.Code);
        if (!http.RequestAborted.IsCancellationRequested)
            await RefusedCall.WriteAsync(http, GatewayErrors.ToRpcException(fault));
    }

    // gRPC refuses other content types without reading the request.
    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}
