using System.Text;
using Grpc.Core;
using Wharf.Grains;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Errors;

/// <summary>Converts faults to gRPC statuses. Only this type creates an <see cref="RpcException"/>.</summary>
internal static class GatewayErrors
{
    // All trailers share a few kilobytes, and an escaped byte has three characters.
    private const int MaxEncodedText = ErrorText.DefaultMaxBytes;

    /// <summary>Returns a status with the code and the text of a fault, which <c>grpc-status-details-bin</c> repeats. A missing session has neither text nor details.</summary>
    public static RpcException ToRpcException(Fault fault)
    {
        if (fault is { Code: FaultCode.Unauthenticated, Message: "" })
            return new RpcException(new Status(StatusCode.Unauthenticated, ""));
        return new Google.Rpc.Status { Code = (int)fault.Code, Message = Shorten(WithErrorId(fault)) }.ToRpcException();
    }

    /// <summary>Returns the fault of a defect, with the id of its log entry.</summary>
    public static Fault Defect(string errorId) => new(FaultCode.Internal, StatusTexts.DetailsLogged(errorId), errorId);

    private static string WithErrorId(Fault fault) => fault.ErrorId is { Length: > 0 } id && !fault.Message.Contains(id, StringComparison.Ordinal)
        ? $"{ErrorText.Cut(fault.Message, ErrorText.DefaultMaxBytes - 128)} ({StatusTexts.DetailsLogged(id)})"
        : fault.Message;

    private static string Shorten(string text)
    {
        text = ErrorText.Cut(text);
        int encoded = 0, end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            encoded += ResponseMetadata.IsPlain(rune.Value) ? 1 : 3 * rune.Utf8SequenceLength;
            if (encoded > MaxEncodedText)
                return text[..end];
            end += rune.Utf16SequenceLength;
        }
        return text;
    }
}
