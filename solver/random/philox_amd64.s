//go:build goexperiment.simd && amd64

#include "textflag.h"

// One round, from (c0, c1, c2, c3) to (c0, q, c2, p); k is the place of its keys.
#define ROUND(c0, c1, c2, c3, p, q, k) \
	VPMULUDQ c0, Z30, p \
	VPMULUDQ c2, Z31, q \
	VPSRLQ $32, q, c0 \
	VPTERNLOGQ.BCST $0x96, (k)(AX), c1, c0 \
	VPSRLQ $32, p, c2 \
	VPTERNLOGQ.BCST $0x96, (k+8)(AX), c3, c2

#define ROUNDS(k) \
	ROUND(Z0, Z1, Z2, Z3, Z4, Z5, k) \
	ROUND(Z0, Z5, Z2, Z4, Z3, Z1, k+16)

// func philoxVectors(keys *RoundKeys, c, x *Uint32s, n int)
TEXT ·philoxVectors(SB), NOSPLIT, $0-32
	MOVQ keys+0(FP), AX
	MOVQ c+8(FP), BX
	MOVQ x+16(FP), CX
	MOVQ n+24(FP), DX
	MOVL $0xD2511F53, SI
	VPBROADCASTQ SI, Z30
	MOVL $0xCD9E8D57, SI
	VPBROADCASTQ SI, Z31
	MOVQ DX, R8 // the distance of a vector's words: n, 2n and 3n vectors
	SHLQ $6, R8
	LEAQ (R8)(R8*2), R9

next:
	VMOVDQU64 (BX), Z0
	VMOVDQU64 (BX)(R8*1), Z1
	VMOVDQU64 (BX)(R8*2), Z2
	VMOVDQU64 (BX)(R9*1), Z3
	ROUNDS(0)
	ROUNDS(32)
	ROUNDS(64)
	ROUNDS(96)
	ROUNDS(128)
	VMOVDQU64 Z0, (CX)
	VMOVDQU64 Z1, (CX)(R8*1)
	VMOVDQU64 Z2, (CX)(R8*2)
	VMOVDQU64 Z3, (CX)(R9*1)
	ADDQ $64, BX
	ADDQ $64, CX
	DECQ DX
	JNZ next
	VZEROUPPER
	RET
