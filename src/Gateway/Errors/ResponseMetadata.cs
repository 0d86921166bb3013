using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Wharf.Gateway.Edge;

namespace Wharf.Gateway.Errors;

/// <summary>
/// Writes the metadata of gRPC responses as the gRPC specification requires of senders: binary values without padding, and unambiguous status messages.
/// Covers headers (a response without a message has its status there) and trailers, on HTTP/2 and gRPC-Web. A colon is escaped only in the trailers of
/// gRPC-Web, which are part of the body: some clients split them at colons. Deephaven's JavaScript client cannot read an escape and gets a
/// <see cref="PlainMessage"/>.
/// </summary>
internal static class ResponseMetadata
{
    private const string StatusMessage = "grpc-message";
    private const string BinarySuffix = "-bin";
    private const string Status = "grpc-status", InvalidArgument = "3", Internal = "13";

    /// <summary>Middleware that runs before gRPC-Web's, which converts the request to plain gRPC.</summary>
    public static Task MarkAsync(HttpContext call, RequestDelegate next)
    {
        if (call.Request.ContentType?.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase) == true)
        {
            EncodedBody.Mark(call);
            call.Features.Set(PlainMessage.IsNeededBy(call.Request.Headers, call.Request.ContentType) ? WebCall.Plain : WebCall.Escaped);
        }

        return next(call);
    }

    /// <summary>Middleware that runs after gRPC-Web's, which replaces the trailers.</summary>
    public static Task InvokeAsync(HttpContext call, RequestDelegate next)
    {
        call.Response.OnStarting(static call => ConformAsync((HttpContext)call), call);
        if (call.Features.Get<IHttpResponseTrailersFeature>() is { } trailers)
        {
            var web = call.Features.Get<WebCall>();
            call.Features.Set<IHttpResponseTrailersFeature>(new ConformingTrailers(trailers, web is not null, web == WebCall.Plain));
        }

        return next(call);
    }

    /// <summary>Returns the values of a header or trailer in the form in which they are sent.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values as gRPC writes them.</param>
    /// <param name="isInBody">Whether it is a trailer in the body of a gRPC-Web response.</param>
    /// <param name="isPlain">Whether the client cannot read escapes.</param>
    public static StringValues Conform(string name, StringValues values, bool isInBody, bool isPlain = false)
    {
        if (name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
            return Each(values, WithoutPadding);
        if (!string.Equals(name, StatusMessage, StringComparison.OrdinalIgnoreCase))
            return values;
        if (isPlain)
            return Each(values, isInBody ? PlainMessage.InBody : PlainMessage.InHeaders);
        return Each(values, isInBody ? EscapeInBody : EscapeEnds);
    }

    /// <summary>Returns whether a character of a status message is never escaped; each byte of other characters may become three bytes.</summary>
    public static bool IsPlain(int character) => character is >= ' ' and <= '~' and not '%' and not ':';

    private static Task ConformAsync(HttpContext call)
    {
        var headers = call.Response.Headers;
        // gRPC reports requests that are not gRPC, such as those of an unknown content type, as INTERNAL.
        if (call.Response.StatusCode >= StatusCodes.Status400BadRequest && headers[Status] == Internal)
            headers[Status] = InvalidArgument;
        var isPlain = call.Features.Get<WebCall>() == WebCall.Plain;
        List<KeyValuePair<string, StringValues>>? changed = null;
        foreach (var (name, values) in headers)
        {
            var conforming = Conform(name, values, isInBody: false, isPlain);
            if (conforming != values)
                (changed ??= []).Add(new(name, conforming));
        }

        foreach (var (name, values) in changed ?? [])
            headers[name] = values;
        return Task.CompletedTask;
    }

    private static StringValues Each(StringValues values, Func<string, string> conform) => values.Count switch
    {
        0 => values,
        1 => conform(values[0] ?? ""),
        _ => new StringValues([.. values.Select(value => conform(value ?? ""))]),
    };

    // One header may contain several values.
    private static string WithoutPadding(string value) =>
        !value.Contains('=', StringComparison.Ordinal) ? value : string.Join(',', value.Split(',').Select(static one => one.TrimEnd('=')));

    private static string EscapeInBody(string message) => EscapeEnds(message.Replace(":", "%3A", StringComparison.Ordinal));

    // The message is already percent-encoded, but HTTP removes leading and trailing blanks.
    private static string EscapeEnds(string message)
    {
        if (message.StartsWith(' '))
            message = "%20" + message[1..];
        return message.EndsWith(' ') ? message[..^1] + "%20" : message;
    }

    private sealed class WebCall
    {
        public static readonly WebCall Escaped = new();
        public static readonly WebCall Plain = new();
    }

    private sealed class ConformingTrailers(IHttpResponseTrailersFeature inner, bool areInBody, bool arePlain) : IHttpResponseTrailersFeature
    {
        private ConformingTrailerDictionary? _trailers;

        public IHeaderDictionary Trailers
        {
            get => _trailers ??= new ConformingTrailerDictionary(inner.Trailers, areInBody, arePlain);
            set
            {
                inner.Trailers = value;
                _trailers = null;
            }
        }
    }
}
