// Made from openapi.json by `npm run generate:openapi`.

export interface paths {
    "/issue-sig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A UserSig for whoever is signed in
         * @description Anybody signed in, for themselves; an admin for anyone.
         */
        post: operations["issue-sig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify-sig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a UserSig says and whether it holds
         * @description Admins. The answer is 200 for a sig that does not hold, too; `reason` is the first that applies, in the order in which they are listed.
         */
        post: operations["verify-sig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/create-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A class with both its IM groups and a room number
         * @description Teachers, and admins, who name the teacher. The same call with the same `Idempotency-Key`, or the same class id and content, answers 200 with the class that is there.
         */
        post: operations["create-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/update-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes a class
         * @description The class's teacher, and admins. What is not named stays; what can be taken away is so by `null`.
         */
        post: operations["update-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/get-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A class, as far as the caller may know it
         * @description Anybody signed in. Whoever is no member of the class sees what it is called and when it is.
         */
        post: operations["get-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/list-classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The caller's classes, page by page
         * @description Anybody signed in: the classes that they teach, assist or have joined, newest first; admins see all.
         */
        post: operations["list-classes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/join-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Everything that an app needs to enter a class
         * @description Anybody signed in who was not removed from the class.
         */
        post: operations["join-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grant-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a member draw
         * @description The class's teacher, and admins.
         */
        post: operations["grant-board"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/revoke-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes the board away from a member
         * @description The class's teacher, and admins.
         */
        post: operations["revoke-board"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mute-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Silences a member for a while
         * @description The class's teacher and assistants, and admins.
         */
        post: operations["mute-member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mute-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Silences all students
         * @description The class's teacher and assistants, and admins.
         */
        post: operations["mute-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/remove-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a member out for good
         * @description The class's teacher, and admins. Whoever is removed stays out until restored.
         */
        post: operations["remove-member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/restore-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a removed member in again
         * @description The class's teacher, and admins. Somebody restored has no board.
         */
        post: operations["restore-member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send-message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Danmaku, likes, notices and strokes for senders without an IM SDK
         * @description Members of the class: notices only its teacher and assistants and admins, strokes only who holds the board. Over the class's message rate `delivered` is false, or, of strokes, the answer 429.
         */
        post: operations["send-message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/report-clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ties a client's clock to the time line of the replay
         * @description Members of the class. Of teacher and board holders the clock goes into the replay, once a minute each.
         */
        post: operations["report-clock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/get-replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The recorded whiteboard, page by page
         * @description Members of the class, until 30 days after its end.
         */
        post: operations["get-replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/get-attendance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Who was there, and for how long
         * @description The class's teacher, and admins, until 30 days after its end.
         */
        post: operations["get-attendance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/end-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a class, exports its replay and takes down what it had
         * @description The class's teacher, and admins. An ended class answers 200 again.
         */
        post: operations["end-class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vend-cos-credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Temporary credentials for the caller's files of a class
         * @description Members of the class. The reply has the shape that the `getAuthorization` of `cos-js-sdk-v5` takes.
         */
        post: operations["vend-cos-credentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-cos-object": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A signature for one object
         * @description Members of the class; the courseware is written by its teacher and assistants.
         */
        post: operations["sign-cos-object"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/list-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The files of a class, page by page
         * @description Members of the class: their own files and the courseware; its teacher sees all. Until 30 days after its end.
         */
        post: operations["list-files"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/im-callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The gate that every message and every join passes at IM
         * @description The IM service, as set in its console: https://cloud.tencent.com/document/product/269/1523. What is not answered within 2 seconds happens.
         */
        post: operations["im-callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trtc-callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What TRTC tells of rooms and recordings
         * @description TRTC, as set in its console: https://trtc.io/document/39558. What is not answered with 200 within 5 seconds comes again.
         */
        post: operations["trtc-callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/edit-dirty-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Edits the word list
         * @description Admins. One edit, wholly or not at all: it removes first and adds then. Either `replaceAll` or the others.
         */
        post: operations["edit-dirty-words"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/list-dirty-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The word list, page by page
         * @description Admins. In the order of code points.
         */
        post: operations["list-dirty-words"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A UserSig. */
        Sig: {
            sdkAppId: number;
            userId: string;
            /** @description For the `login` of an IM or TRTC SDK. A secret of this user. */
            userSig: string;
            /**
             * @description 1 is signed with ECDSA, 2 with HMAC.
             * @enum {number}
             */
            version: 1 | 2;
            /** @description Unix seconds. */
            issuedAt: number;
            /** @description Unix seconds. */
            expiresAt: number;
            /** @description When to ask for the next one, so that no session drops. Unix seconds. */
            refreshAt: number;
        };
        /** @description RFC 9457. */
        BadRequestProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 400;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "BAD_REQUEST";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        FieldError: {
            /** @description JSON Pointer into the body; empty for the whole of it. */
            path: string;
            message: string;
        };
        /** @description RFC 9457. */
        UnauthenticatedProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 401;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "UNAUTHENTICATED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        ForbiddenProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 403;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "FORBIDDEN";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        MethodNotAllowedProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 405;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "METHOD_NOT_ALLOWED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        PayloadTooLargeProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 413;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "PAYLOAD_TOO_LARGE";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        InternalProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 500;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "INTERNAL";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        UpstreamFailedProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 502;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "UPSTREAM_FAILED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description A class. */
        Class: {
            /** @description The class. */
            classId: string;
            name: string;
            teacherId: string;
            /** @enum {string} */
            status: "scheduled" | "live" | "ended";
            /** @description Whether students need a passcode to join. */
            needsPasscode: boolean;
            /** @description Unix seconds. */
            startsAt?: number;
            /** @description Unix seconds. */
            endsAt?: number;
            assistantIds: string[];
            /** @description The IM group (AVChatRoom) that all members are in. */
            chatGroupId: string;
            /** @description The IM group (Private) of who holds the board: what is drawn is kept there. */
            replayGroupId: string;
            /** @description The class's room at TRTC. */
            roomId: number;
            /** @description Unix seconds. */
            createdAt: number;
            /** @description Unix seconds. */
            endedAt?: number;
        };
        /** @description RFC 9457. */
        ConflictProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 409;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "CONFLICT";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        GoneProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 410;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "GONE";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        RateLimitedProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 429;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "RATE_LIMITED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        QuotaExceededProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 429;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "QUOTA_EXCEEDED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        UpstreamTimeoutProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 504;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "UPSTREAM_TIMEOUT";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description RFC 9457. */
        NotFoundProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 404;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "NOT_FOUND";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description What somebody outside a class may know of it. */
        ClassNotice: {
            /** @description The class. */
            classId: string;
            name: string;
            teacherId: string;
            /** @enum {string} */
            status: "scheduled" | "live" | "ended";
            /** @description Whether students need a passcode to join. */
            needsPasscode: boolean;
            /** @description Unix seconds. */
            startsAt?: number;
            /** @description Unix seconds. */
            endsAt?: number;
        };
        /** @description RFC 9457. */
        ContentRejectedProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            /** @constant */
            status: 422;
            /** @description What is wrong, for people. Programs go by `code`. */
            detail: string;
            /** @constant */
            code: "CONTENT_REJECTED";
            /** @description Finds the call in the service's log. */
            requestId: string;
            /** @description Which fields are wrong, where it is the fields. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description Nothing. */
        Refusal: Record<string, never>;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The methods that are allowed: POST and OPTIONS. */
        Allow: string;
        /** @description Seconds after which to try again, where known. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "issue-sig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Whose sig; the caller's own when absent. */
                    userId?: string;
                    /** @description How long it is good. The service has a default and a ceiling of its own. */
                    ttlSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sig"];
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller asks for somebody else's sig and is no admin, or for one of a reserved user id. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
        };
    };
    "verify-sig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A UserSig or a PrivateMapKey. */
                    userSig: string;
                    /** @description Whose it should be. */
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        valid: true;
                        /** @enum {number} */
                        version: 1 | 2;
                        userId: string;
                        sdkAppId: number;
                        /** @description Unix seconds. */
                        issuedAt: number;
                        /** @description Unix seconds. */
                        expiresAt: number;
                        /** @description Only of a PrivateMapKey. */
                        room?: {
                            /** @description A number or a text, as the room has: 123 and "123" are two rooms. */
                            roomId: number | string;
                            /** @description What its holder may do there, one bit each. */
                            privileges: number;
                            /** @description Unix seconds. */
                            expiresAt: number;
                        };
                    } | {
                        /** @constant */
                        valid: false;
                        /** @enum {number} */
                        version?: 1 | 2;
                        userId?: string;
                        sdkAppId?: number;
                        /** @description Unix seconds. */
                        issuedAt?: number;
                        /** @description Unix seconds. */
                        expiresAt?: number;
                        /** @description Only of a PrivateMapKey. */
                        room?: {
                            /** @description A number or a text, as the room has: 123 and "123" are two rooms. */
                            roomId: number | string;
                            /** @description What its holder may do there, one bit each. */
                            privileges: number;
                            /** @description Unix seconds. */
                            expiresAt: number;
                        };
                        /** @enum {string} */
                        reason: "malformed" | "signature" | "expired" | "sdkAppId" | "userId";
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is no admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
        };
    };
    "create-class": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Made up when absent. Never used twice. */
                    classId?: string;
                    name: string;
                    /** @description The caller, when absent; an admin must name one. */
                    teacherId?: string;
                    assistantIds?: string[];
                    /** @description What students need to join. */
                    passcode?: string;
                    /** @description Unix seconds. */
                    startsAt?: number;
                    /** @description Unix seconds. */
                    endsAt?: number;
                };
            };
        };
        responses: {
            /** @description The same call has made the class before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Class"];
                };
            };
            /** @description The new class. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Class"];
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither teacher nor admin, names another teacher, or a user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: The class id is taken or was used with other content, or the Idempotency-Key was used for another class. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class id is one of an ended class. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /**
             * @description `RATE_LIMITED`: The IM service is at its rate limit.
             *
             *     `QUOTA_EXCEEDED`: The teacher has created as many classes today as they may, or there is no more group in the app's IM plan, or no more room number.
             */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"] | components["schemas"]["QuotaExceededProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "update-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    name?: string;
                    assistantIds?: string[];
                    /** @description `null`: none is needed any more. */
                    passcode?: string | null;
                    /** @description Unix seconds. */
                    startsAt?: number | null;
                    /** @description Unix seconds. */
                    endsAt?: number | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Class"];
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: The class has begun: its start cannot be changed any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "get-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Class"] | components["schemas"]["ClassNotice"];
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The token is of a role or a user id that may not be. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class ended more than 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "list-classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Only classes of this status.
                     * @enum {string}
                     */
                    status?: "scheduled" | "live" | "ended";
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /**
                     * @description How many entries a page has at most.
                     * @default 50
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        classes: components["schemas"]["Class"][];
                        /** @description Asks for the next page when sent as `cursor`. Absent on the last page. */
                        nextCursor?: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The token is of a role or a user id that may not be. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "join-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description Needed once, and of students only. */
                    passcode?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        class: components["schemas"]["Class"];
                        /**
                         * @description In this class.
                         * @enum {string}
                         */
                        role: "teacher" | "assistant" | "student";
                        /** @description Whether the caller may draw. */
                        board: boolean;
                        sig: components["schemas"]["Sig"];
                        /** @description For `enterRoom` of the TRTC SDK. A secret of this user. */
                        privateMapKey: string;
                        /** @description Unix seconds. */
                        privateMapKeyExpiresAt: number;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller was removed, or the passcode is missing or wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: The class does not open yet, or has changed meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over or about to be. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /**
             * @description `RATE_LIMITED`: This is the sixth passcode within a minute, or the IM service is at its rate limit.
             *
             *     `QUOTA_EXCEEDED`: The app's IM plan allows no more groups.
             */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"] | components["schemas"]["QuotaExceededProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "grant-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    userId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        userId: string;
                        /** @constant */
                        board: true;
                        /** @description For `enterRoom` of the TRTC SDK. A secret of this user. */
                        privateMapKey: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class, or nobody of this id has joined it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: The member has been removed, or as many have the board as the IM plan allows. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over or about to be. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /**
             * @description `RATE_LIMITED`: The IM service is at its rate limit.
             *
             *     `QUOTA_EXCEEDED`: The app's IM plan allows no more groups.
             */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"] | components["schemas"]["QuotaExceededProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "revoke-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    userId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        userId: string;
                        /** @constant */
                        board: false;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class, or nobody of this id has joined it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: This cannot be done to the class's teacher. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "mute-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    userId: string;
                    /** @description How long; 0 lifts the mute. */
                    seconds: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        userId: string;
                        /** @description Unix seconds; 0 when not muted. */
                        mutedUntil: number;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller does not lead the class, or means themselves, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class, or nobody of this id has joined it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: This cannot be done to the class's teacher. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "mute-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description Whether only teacher and assistants may speak. */
                    muted: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        muted: boolean;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller does not lead the class. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "remove-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    userId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        userId: string;
                        /** @constant */
                        removed: true;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class, or nobody of this id has joined it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: This cannot be done to the class's teacher. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service or TRTC is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "restore-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    userId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        userId: string;
                        /** @constant */
                        removed: false;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin, or the user id is reserved. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class, or nobody of this id has joined it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `CONFLICT`: This cannot be done to the class's teacher. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "send-message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description The same of the same sender within 10 minutes is the same message. */
                    clientMessageId?: string;
                    /**
                     * @default danmaku
                     * @constant
                     */
                    type?: "danmaku";
                    /** @description Masked where the word list says so. */
                    text: string;
                    color?: string;
                    /** @description On which line it flies. */
                    lane?: number;
                } | {
                    /** @description The class. */
                    classId: string;
                    /** @description The same of the same sender within 10 minutes is the same message. */
                    clientMessageId?: string;
                    /** @constant */
                    type: "like";
                    /** @default 1 */
                    count?: number;
                } | {
                    /** @description The class. */
                    classId: string;
                    /** @description The same of the same sender within 10 minutes is the same message. */
                    clientMessageId?: string;
                    /** @constant */
                    type: "notice";
                    /** @description Masked where the word list says so. */
                    text: string;
                } | {
                    /** @description The class. */
                    classId: string;
                    /** @description The same of the same sender within 10 minutes is the same message. */
                    clientMessageId?: string;
                    /** @constant */
                    type: "board";
                    /** @description A stroke, as the whiteboard writes it: any JSON of at most 100 levels. */
                    data: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messageId: string;
                        /** @description False for what was shed because the class is at its message rate. */
                        delivered: boolean;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not send this in this class, or not now: no member, muted, or without the board. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB, or the message larger than 12 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `CONTENT_REJECTED`: The message contains a word that is not allowed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ContentRejectedProblem"];
                };
            };
            /**
             * @description `RATE_LIMITED`: The class or the IM service is at its message rate.
             *
             *     `QUOTA_EXCEEDED`: The app's IM plan allows no more groups.
             */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"] | components["schemas"]["QuotaExceededProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "report-clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description Milliseconds, since whenever the client's clock began. */
                    clock: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        /** @description Our time, to which the reported clock belongs. Milliseconds since 1970. */
                        timeLineMs: number;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is not in this class. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class is over. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "get-replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /**
                     * @description How many entries a page has at most.
                     * @default 50
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: {
                            /** @description Its number: messages are in the order of theirs. */
                            seq: number;
                            /** @description Unix seconds, by IM's clock. */
                            time: number;
                            /** @description Who drew it, or whom it is about; empty when that is nobody. */
                            userId: string;
                            /**
                             * @description What was drawn, the time line of who draws (1003), or a recorded file (1004).
                             * @enum {unknown}
                             */
                            type: "board" | 1003 | 1004;
                            /** @description A board message's `data`, or the rest of a numbered message. */
                            data: unknown;
                        }[];
                        /** @description Which messages are no more, by their numbers, first and last included. */
                        gaps: {
                            from: number;
                            to: number;
                            /** @enum {string} */
                            reason: "missing" | "expired" | "recalled";
                        }[];
                        /** @description Asks for the next page when sent as `cursor`. Absent on the last page. */
                        nextCursor?: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is not in this class. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class ended more than 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The IM service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "get-attendance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The class. */
                        classId: string;
                        members: {
                            userId: string;
                            /** @description The nickname, or the user id when there is none. */
                            name: string;
                            /** @description Unix seconds. */
                            joinedAt: number;
                            /** @description Absent while they are there. Unix seconds. */
                            leftAt?: number;
                            /** @description How long they were there, over several devices at once only once. */
                            seconds: number;
                        }[];
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class ended more than 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "end-class": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Class"];
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is neither the class's teacher nor an admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "vend-cos-credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /**
                     * @description Uploads end with the class, downloads 30 days later.
                     * @default upload
                     * @enum {string}
                     */
                    purpose?: "upload" | "download";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        credentials: {
                            tmpSecretId: string;
                            tmpSecretKey: string;
                            sessionToken: string;
                        };
                        /** @description Unix seconds. */
                        startTime: number;
                        /** @description Unix seconds. */
                        expiredTime: number;
                        bucket: string;
                        region: string;
                        /** @description Where the bucket is: an object is at `<origin>/<key>`. */
                        origin: string;
                        /** @description What the keys of the caller's own files begin with. */
                        prefix: string;
                        /** @description What the keys of the courseware begin with. Absent when the credentials do not reach it. */
                        coursewarePrefix?: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is not in this class. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class is over, or, for downloads, was 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The credential service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "sign-cos-object": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description Relative to the area's prefix. */
                    path: string;
                    /**
                     * @default own
                     * @enum {string}
                     */
                    area?: "own" | "courseware";
                    /** @enum {string} */
                    method: "PUT" | "GET" | "HEAD";
                    /**
                     * @description Good for one request or for several.
                     * @enum {string}
                     */
                    mode: "once" | "reusable";
                    /**
                     * @description xml signs one method; v4, of the JSON API, signs none, so it takes the right to write.
                     * @default xml
                     * @enum {string}
                     */
                    format?: "xml" | "v4";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the object in its bucket. */
                        key: string;
                        /** @description Value of the `authorization` header of the signed request. */
                        authorization: string;
                        /** @description Pre-signed: needs no header. Only of format xml. */
                        url?: string;
                        /** @description To send as `x-cos-security-token`, beside `authorization`. Only of format xml. */
                        securityToken?: string;
                        /** @description Unix seconds. */
                        expiredTime: number;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is not in this class, or may not write its courseware. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class is over, or, for reading, was 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The credential service is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "list-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The class. */
                    classId: string;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /**
                     * @description How many entries a page has at most.
                     * @default 50
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        files: {
                            key: string;
                            /** @description Bytes. */
                            size: number;
                            /** @description Unix seconds. */
                            lastModified: number;
                        }[];
                        /** @description Asks for the next page when sent as `cursor`. Absent on the last page. */
                        nextCursor?: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is not in this class. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such class. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `GONE`: The class ended more than 30 days ago. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `RATE_LIMITED`: The credential service or the file storage is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RateLimitedProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "im-callback": {
        parameters: {
            query: {
                /** @description Ours, or the answer is 401. */
                SdkAppid: string;
                /** @description The same as in the body. */
                CallbackCommand: string;
                /** @description Unix seconds; signed. */
                RequestTime: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackBeforeSendMsg";
                    GroupId: string;
                    From_Account: string;
                    MsgBody: ({
                        MsgType: string;
                        MsgContent: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    })[];
                    CloudCustomData?: string | null;
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackBeforeApplyJoinGroup";
                    GroupId: string;
                    Requestor_Account: string;
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackBeforeInviteJoinGroup";
                    GroupId: string;
                    Operator_Account: string;
                    DestinationMembers: ({
                        Member_Account: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackBeforeCreateGroup";
                    Operator_Account: string;
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackAfterNewMemberJoin";
                    GroupId: string;
                    NewMemberList: ({
                        Member_Account: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                    EventTime?: number | string;
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackAfterMemberExit";
                    GroupId: string;
                    ExitMemberList: ({
                        Member_Account: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                    EventTime?: number | string;
                } & {
                    [key: string]: unknown;
                }) | ({
                    /** @constant */
                    CallbackCommand: "Group.CallbackOnMemberStateChange";
                    GroupId: string;
                    EventType: string;
                    EventCause?: string;
                    MemberList: ({
                        Member_Account: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                    EventTime?: number | string;
                } & {
                    [key: string]: unknown;
                }) | ({
                    CallbackCommand: string;
                } & {
                    [key: string]: unknown;
                });
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ActionStatus: "OK";
                        /** @description For the sender's client, with a code of 10100 and more. */
                        ErrorInfo: string;
                        /** @description 0: it happens. 1: it does not. 2: the message is dropped without a word. 10100 a word that is not allowed, 10101 no board rights, 10102 muted or removed, 10103 undecided in time, 10104 a type of message that is not for everybody. */
                        ErrorCode: number;
                        /** @description Delivered instead of what was sent. */
                        MsgBody?: unknown[];
                        CloudCustomData?: string;
                        /** @description Who of the invited stays out. */
                        RefusedMembers_Account?: string[];
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no callback. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `UNAUTHENTICATED`: The signature does not hold, or the callback is for another app. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than any callback. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    "trtc-callback": {
        parameters: {
            query?: never;
            header: {
                /** @description Ours, or the answer is 401. */
                SdkAppId: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": ({
                    EventGroupId: number;
                    EventType: number;
                    EventInfo: {
                        RoomId: number | string;
                        UserId: string;
                        UniqueId?: number | string;
                        EventTs?: number | string;
                        EventMsTs?: number | string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                }) | ({
                    EventGroupId: number;
                    EventType: number;
                    EventInfo: {
                        RoomId: number | string;
                        TaskId: string;
                        Payload: {
                            Status: number;
                            FileList?: string[] | null;
                            FileMessage?: ({
                                UserId?: string;
                                MediaId?: string;
                                StartTimeStamp?: number | string;
                                EndTimeStamp?: number | string;
                                FileName: string;
                            } & {
                                [key: string]: unknown;
                            })[] | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                }) | ({
                    EventGroupId: number;
                    EventType: number;
                    EventInfo: {
                        RoomId: number | string;
                        TaskId: string;
                        Payload: {
                            Status: number;
                            TencentVod?: ({
                                UserId?: string;
                                MediaId?: string;
                                StartTimeStamp?: number | string;
                                EndTimeStamp?: number | string;
                                FileId?: string;
                                CacheFile?: string;
                                VideoUrl?: string;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                }) | ({
                    EventGroupId: number;
                    EventType: number;
                } & {
                    [key: string]: unknown;
                });
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        code: 0;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no callback. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `UNAUTHENTICATED`: The signature does not hold, or the callback is for another app. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than any callback. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `RATE_LIMITED`: TRTC is at its rate limit. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `UPSTREAM_FAILED`: The database or TRTC has failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: The database or TRTC did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    "edit-dirty-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A word that is listed already gets what is said here.
                     * @default []
                     */
                    add?: {
                        word: string;
                        /** @enum {string} */
                        action?: "mask" | "reject" | "drop" | "allow";
                        /** @default [] */
                        tags?: string[];
                    }[];
                    /**
                     * @description Words that fold to the same as one of these.
                     * @default []
                     */
                    remove?: string[];
                    /** @description The whole new list. */
                    replaceAll?: {
                        word: string;
                        /** @enum {string} */
                        action?: "mask" | "reject" | "drop" | "allow";
                        /** @default [] */
                        tags?: string[];
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the list: every edit raises it. */
                        version: number;
                        /** @description How many words are in the list now. */
                        size: number;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is no admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 5 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The list would hold more than 200,000 words, or more than 4,000,000 characters. */
            429: {
                headers: {
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["QuotaExceededProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
    "list-dirty-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /**
                     * @description How many entries a page has at most.
                     * @default 50
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the list: every edit raises it. */
                        version: number;
                        words: {
                            word: string;
                            /**
                             * @description Absent: the service's own setting decides.
                             * @enum {string}
                             */
                            action?: "mask" | "reject" | "drop" | "allow";
                            tags: string[];
                        }[];
                        /** @description Asks for the next page when sent as `cursor`. Absent on the last page. */
                        nextCursor?: string;
                    };
                };
            };
            /** @description `BAD_REQUEST`: The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["BadRequestProblem"];
                };
            };
            /** @description `UNAUTHENTICATED`: The token is missing, has expired or is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthenticatedProblem"];
                };
            };
            /** @description `FORBIDDEN`: The caller is no admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not POST. */
            405: {
                headers: {
                    allow: components["headers"]["Allow"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The body is larger than 32 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
                };
            };
            /** @description `INTERNAL`: The service has failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InternalProblem"];
                };
            };
            /** @description `UPSTREAM_FAILED`: A service that this one needs has failed. Try again. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamFailedProblem"];
                };
            };
            /** @description `UPSTREAM_TIMEOUT`: A service that this one needs did not answer in time. Try again. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UpstreamTimeoutProblem"];
                };
            };
        };
    };
}
